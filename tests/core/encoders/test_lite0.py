"""The picture network as it is run, against the one that its package makes."""

import pytest
import torch

from retake_core.encoders import lite0


@pytest.mark.parametrize("size", [(160, 288), (224, 224), (96, 512)])
@torch.inference_mode()
def test_what_is_folded_into_convolutions_changes_no_map(size: tuple[int, int]) -> None:
    picture = torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(0))
    plain = lite0._load()
    x = plain._swish(plain._bn0(plain._conv_stem(picture)))
    for block in plain._blocks:
        x = block(x)
    expected = torch.nn.functional.adaptive_avg_pool2d(x, lite0.MAP_SIDE).flatten(2).transpose(1, 2)
    _, spatial = lite0.Lite0()(picture.contiguous(memory_format=torch.channels_last))
    assert torch.allclose(spatial, expected, atol=1e-3 * float(expected.abs().max()))
