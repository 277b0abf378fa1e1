"""How much two boxes lie over each other."""

import pytest

from retake_core.media.boxes import overlap


def test_overlap() -> None:
    one = (0.0, 0.0, 2.0, 2.0)
    assert overlap(one, one) == 1
    assert overlap(one, (1.0, 1.0, 3.0, 3.0)) == pytest.approx(1 / 7)
    assert overlap(one, (0.0, 5.0, 2.0, 7.0)) == 0
    assert overlap((1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 1.0, 1.0)) == 0
