"""A computer of a cluster that stopped, and is there again."""

from typing import TYPE_CHECKING

import pytest

from retake_core.cancel import CancelToken

if TYPE_CHECKING:
    from retake_core.cluster.computers import Computer
    from retake_core.cluster.lanes import ClusterLanes


@pytest.fixture(autouse=True)
def _ray() -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")


def made(patch: pytest.MonkeyPatch) -> "tuple[ClusterLanes, list[Computer]]":
    """Return lanes on one computer, and what was engaged of it, one after another."""
    from retake_core.cluster import lanes
    from retake_core.cluster.computers import Computer, Facts

    facts = Facts("id", "tower", "10.0.0.1", cores=1, cards=0, memory=1)
    engaged: list[Computer] = []

    class Ready(Computer):
        """Is ready at once."""

        def __init__(self, facts: Facts) -> None:
            patch.setattr("retake_core.cluster.computers.ask", lambda _: None)
            super().__init__(facts, "builtin", "id")
            engaged.append(self)

    patch.setattr(lanes, "offered", lambda: [facts])
    patch.setattr(lanes, "_COUNT_EVERY", 0.0)
    return lanes.ClusterLanes("here:6379", Ready, CancelToken()), engaged


def test_what_stopped_once_is_tried_again_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from ray.exceptions import RayError

    lanes, engaged = made(monkeypatch)

    def stop() -> None:
        engaged[-1].lose(RayError())

    def told() -> list[str]:
        return list(lanes.remarks())

    gone = "tower is gone; other computers take up its videos where it left them."
    stop()
    assert told() == [gone]
    assert not lanes.is_free
    lanes._look_around()
    assert lanes.is_free
    assert told() == ["tower is there again."]
    assert told() == []
    stop()
    assert told() == [gone]
    lanes._look_around()
    assert len(engaged) == 2, "what stops again and again is not tried for ever"
