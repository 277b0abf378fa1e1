"""Model folders that are broken, of another kind, or mean harm: one sentence, and no code of theirs runs."""

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retake_core.encoders.siglip import SiglipEncoder
from retake_core.errors import UserError
from retake_core.system.bundled import demo_model
from retake_core.videollm.loading import load_family, open_family

DEMO = demo_model()
Harm = Callable[[Path, Path], None]
"""Changes a model folder; code in it would make the second path."""

ESCAPE = (
    "{{% for c in [].__class__.__base__.__subclasses__() %}}{{% if c.__name__ == 'catch_warnings' %}}"
    "{{{{ c()._module.__builtins__['open']('{marker}', 'w') }}}}{{% endif %}}{{% endfor %}}"
)


def change(name: str, **values: Any) -> Harm:
    """Set values of a JSON file."""

    def harm(folder: Path, _marker: Path) -> None:
        document = json.loads((folder / name).read_text()) if (folder / name).exists() else {}
        (folder / name).write_text(json.dumps(document | values))

    return harm


def write(name: str, content: bytes) -> Harm:
    def harm(folder: Path, _marker: Path) -> None:
        (folder / name).write_bytes(content)

    return harm


def header(document: dict[str, Any], length: int | None = None) -> bytes:
    text = json.dumps(document).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text


def cut_weights(folder: Path, _marker: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])


def only_pickles(folder: Path, marker: Path) -> None:
    (folder / "model.safetensors").unlink()
    run = f"cos\nsystem\n(S'touch {marker}'\ntR.".encode()
    (folder / "pytorch_model.bin").write_bytes(run)


def own_code(folder: Path, marker: Path) -> None:
    (folder / "evil.py").write_text(f"open({str(marker)!r}, 'w')\nclass Evil: pass\n")
    names = ("AutoConfig", "AutoModel", "AutoModelForImageTextToText", "AutoProcessor", "AutoTokenizer")
    code = {"auto_map": dict.fromkeys((*names, "AutoImageProcessor"), "evil.Evil")}
    for name in ("config.json", "processor_config.json", "tokenizer_config.json", "preprocessor_config.json"):
        if (folder / name).exists():
            change(name, **code)(folder, marker)


def own_code_alone(folder: Path, marker: Path) -> None:
    own_code(folder, marker)
    change("config.json", model_type="evil")(folder, marker)


BROKEN: dict[str, Harm] = {
    "config-not-json": write("config.json", b"{"),
    "config-list": write("config.json", b"[1]"),
    "config-deep": write("config.json", b"[" * 200_000),
    "config-no-utf8": write("config.json", b"\xff\xfe"),
    "architecture": change("config.json", model_type="gpt2"),
    "own-code": own_code_alone,
    "layers": change("config.json", text_config={"num_hidden_layers": -5}, num_hidden_layers=-5),
    "text-for-number": change("config.json", text_config={"hidden_size": "big"}, hidden_size="big"),
    "huge-vocabulary": change("config.json", text_config={"vocab_size": 10**12}, vocab_size=10**12),
    "huge-layers": change("config.json", text_config={"num_hidden_layers": 10**9}, num_hidden_layers=10**9),
    "weights-cut": cut_weights,
    "weights-empty": write("model.safetensors", b""),
    "weights-noise": write("model.safetensors", b"\x7f" * 5000),
    "weights-header-long": write("model.safetensors", struct.pack("<Q", 2**62) + b"{}"),
    "weights-huge-tensor": write(
        "model.safetensors",
        header({"lm_head.weight": {"dtype": "F32", "shape": [2**31, 2**31], "data_offsets": [0, 2**62]}}),
    ),
    "weights-other": write(
        "model.safetensors", header({"x": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}) + b"abcd"
    ),
    "only-pickles": only_pickles,
    "tokenizer-not-json": write("tokenizer.json", b"{"),
    "tokenizer-empty": write("tokenizer.json", b"{}"),
    "tokenizer-deep": write("tokenizer.json", b"[" * 200_000),
    "processor-list": write("processor_config.json", b"[]"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "model"))


@pytest.mark.parametrize("harm", BROKEN.values(), ids=BROKEN)
def test_a_broken_videollm_is_refused_with_one_sentence(harm: Harm, folder: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    harm(folder, marker)
    with pytest.raises(UserError) as refused:
        load_family(folder)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 600
    assert not marker.exists()


def test_code_beside_a_good_videollm_is_never_run(folder: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    own_code(folder, marker)
    load_family(folder)
    assert not marker.exists()


TEMPLATES = ["{% for x in range(999999999) %}x{% endfor %}", "{% broken", "{{ 1 / 0 }}", "nothing", ESCAPE]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_that_means_harm_cannot_do_it(template: str, folder: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    (folder / "chat_template.jinja").write_text(template.format(marker=marker) if template is ESCAPE else template)
    with pytest.raises(UserError) as refused:
        open_family(folder)
    assert "\n" not in str(refused.value)
    assert not marker.exists()


ENCODERS = ["config-not-json", "config-list", "config-deep", "architecture", "own-code", "only-pickles"]


@pytest.mark.parametrize("harm", [BROKEN[name] for name in ENCODERS], ids=ENCODERS)
def test_a_broken_encoder_is_refused_with_one_sentence(harm: Harm, folder: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    harm(folder, marker)
    with pytest.raises(UserError) as refused:
        SiglipEncoder(str(folder))
    assert "\n" not in str(refused.value)
    assert not marker.exists()
