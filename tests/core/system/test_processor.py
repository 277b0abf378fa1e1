import os

import pytest

from retake_core.system.processor import usable_cores


@pytest.mark.parametrize(("share", "cores"), [(100, 6), (75, 4), (50, 3), (25, 1), (10, 1)])
def test_a_share_is_of_the_cores_that_the_system_grants(
    monkeypatch: pytest.MonkeyPatch, share: int, cores: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert usable_cores(share) == cores


def test_a_system_that_grants_nothing_in_particular_has_all_its_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert usable_cores(50) == 4
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1
