"""What a worker holds levels off. The long form: python -m tests.hostile.soak"""

import os

import pytest

from tests.hostile import soak

CYCLES = int(os.environ.get("RETAKE_SOAK", "8"))


@pytest.mark.slow
@pytest.mark.timeout(200 + 20 * CYCLES)
def test_a_worker_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "VIDEOS", 4)
    assert soak.growing(soak.soak(CYCLES)) == []


def test_growth_is_seen() -> None:
    level = [dict.fromkeys(soak.LEVEL, 10.0) for _ in range(12)]
    assert soak.growing(level) == []
    leak = [row | {"files": 10.0 + number} for number, row in enumerate(level)]
    assert soak.growing(leak) == ["files grew from 14.0 to 20.0"]
