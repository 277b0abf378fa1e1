"""Tiny random models of OpenCLIP, of the classes that MobileCLIP 2 and Perception Encoder are; needs the extra."""
# mypy: allow-untyped-calls

import json
from pathlib import Path
from typing import Any

import open_clip
import torch
from safetensors.torch import save_file
from timm.models import register_model
from timm.models.eva import vit_pe_core_tiny_patch16_384
from timm.models.fastvit import fastvit_mci0

SIDE = 64


@register_model  # type: ignore[untyped-decorator]
def tiny_mobileclip(pretrained: bool = False, **options: Any) -> Any:
    return fastvit_mci0(pretrained, layers=(1, 1, 1, 1), embed_dims=(16, 16, 32, 64), **options)


@register_model  # type: ignore[untyped-decorator]
def tiny_perception(pretrained: bool = False, **options: Any) -> Any:
    sizes = {"embed_dim": 32, "depth": 2, "num_heads": 2, "attn_pool_num_heads": 2, "patch_size": 8}
    return vit_pe_core_tiny_patch16_384(pretrained, img_size=SIDE, ref_feat_shape=(8, 8), **sizes, **options)


TEXT = {"vocab_size": 49408, "width": 16, "heads": 2, "layers": 2}
LOOKS = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bilinear", "resize_mode": "squash"}
TIMM = {"timm_proj": None, "image_size": SIDE}
MOBILECLIP: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 24,
        "vision_cfg": TIMM | {"timm_model_name": "tiny_mobileclip", "timm_pool": "avg"},
        "text_cfg": TEXT | {"context_length": 77, "no_causal_mask": True},
        "custom_text": True,
    },
    "preprocess_cfg": LOOKS | {"mean": [0.0] * 3, "std": [1.0] * 3, "resize_mode": "shortest"},
}
PERCEPTION: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 24,
        "vision_cfg": TIMM | {"timm_model_name": "tiny_perception", "timm_pool": "map"},
        "text_cfg": TEXT | {"context_length": 32},
        "custom_text": True,
    },
    "preprocess_cfg": LOOKS,
}
CLIP: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 24,
        "vision_cfg": {"image_size": SIDE, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
        "text_cfg": TEXT | {"context_length": 77},
    },
    "preprocess_cfg": LOOKS | {"interpolation": "bicubic", "resize_mode": "shortest"},
}
KINDS = {"MobileCLIP 2": MOBILECLIP, "Perception Encoder": PERCEPTION, "CLIP": CLIP}


def make(config: dict[str, Any]) -> Any:
    """Return a random model, as the package itself makes it."""
    torch.manual_seed(0)
    parts = dict(config["model_cfg"])
    kind: Any = open_clip.CustomTextCLIP if parts.pop("custom_text", False) else open_clip.CLIP
    model = kind(**parts)
    for module in model.modules():  # as after training: branches that are joined differ
        if isinstance(module, torch.nn.BatchNorm2d):
            statistics: Any = module
            statistics.running_mean.uniform_(-0.1, 0.1)
            statistics.running_var.uniform_(0.5, 1.5)
    return model.eval()


def save_tiny_open_clip(folder: Path, config: dict[str, Any] = MOBILECLIP) -> Path:
    """Save a random model as the published ones lie on the hub."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(make(config).state_dict(), folder / "open_clip_model.safetensors", {"format": "pt"})
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    return folder
