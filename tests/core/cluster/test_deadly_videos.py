"""A video that ends what looks at it on every computer: it is left out, and the others are looked at."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.encoders.registry import open_encoder
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.media.process.decode_process import CRASHED
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import PassName, VideoDone, VideoFailed
from tests.core.cluster.conftest import ENCODER, new_cluster
from tests.core.cluster.test_commands import IN_WORKERS, path_with, shim
from tests.core.cluster.test_indexing import SETTINGS, index, put
from tests.support.shelf import contents, only

DEADLY = "clip-00.mp4"
DIES = f"""
    import os, signal
    from retake_core.media import video_file
    def look_at(path, look=video_file.look_at):
        if path.name == "{DEADLY}":
            os.kill(os.getpid(), signal.SIGKILL)
        return look(path)
    video_file.look_at = look_at
"""


@pytest.mark.slow
def test_a_video_that_ends_what_looks_at_it_is_left_out(dozen: Path, tmp_path: Path) -> None:
    """On both computers; what else is looked at there at the time is lost with it, and looked at again."""
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    from retake_core.cluster.service import lanes_at

    folder = put(dozen, tmp_path / "videos")
    for path in sorted(folder.iterdir())[4:]:
        path.unlink()
    alone, _ = index(tmp_path / "alone.db", folder, None)
    shim(tmp_path, IN_WORKERS.rstrip() + DIES)
    python_path, before = path_with(tmp_path), dict(os.environ)
    cluster, head = new_cluster(tmp_path, cores=2, PYTHONPATH=python_path)
    encoder = open_encoder(ENCODER)
    with head, cluster.node("two", PYTHONPATH=python_path):
        try:
            with (
                lanes_at(cluster.place, str(cluster.address), encoder, ENCODER, CancelToken()) as lanes,
                closing(Database(tmp_path / "library.db")) as database,
            ):
                run = IndexRun(database, encoder, SETTINGS, CancelToken(), lanes=lanes)
                events: list[Event] = list(index_folders(run, [folder]))
                found = contents(database)
        finally:
            os.environ.clear()
            os.environ.update(before)
    assert [(Path(failed.path).name, failed.reason) for failed in only(events, VideoFailed)] == [(DEADLY, CRASHED)]
    quick = [Path(done.path).name for done in only(events, VideoDone) if done.name == PassName.QUICK]
    assert sorted(quick) == sorted(set(alone) - {DEADLY})
    assert CRASHED in found.pop(DEADLY)
    del alone[DEADLY]
    assert found == alone
