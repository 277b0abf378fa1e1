"""What a worker holds levels off. The long form: python -m tests.hostile.soak"""

import pytest

from tests.hostile import soak


@pytest.mark.slow
def test_a_worker_does_not_grow() -> None:
    assert soak.growing(soak.soak(cycles=4, videos=3)) == []


def test_growth_is_seen() -> None:
    level = [dict.fromkeys(soak.LEVEL, 10.0) for _ in range(12)]
    assert soak.growing(level) == []
    leak = [row | {"files": 10.0 + number} for number, row in enumerate(level)]
    assert soak.growing(leak) == ["files grew from 14.0 to 20.0"]
