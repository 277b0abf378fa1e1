"""Runs the indexer in children that a test may kill: imports once, and forks for every run.

Reads JSON lines, each one run, and writes the process id of the child, then its exit status.
Everything heavy is imported inside of functions: the decoding processes import this file too.
"""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Fork a child for every line of standard input."""
    import retake_core.indexing.run  # noqa: F401 - so that the children need not

    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.close(0)
            os._exit(_run(**json.loads(line)))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(
    folder: str, library: str, journal: str, statements: int | None, pause: float, encoder: str = "builtin"
) -> int:
    """Index a folder.

    Args:
        folder: with videos.
        library: the database.
        journal: a file that gets a line for every pass over a video that begins or ends.
        statements: of SQL, before the process kills itself.
        pause: seconds that every batch takes.
        encoder: as the settings name it.
    """
    import time

    from retake_core.cancel import CancelToken
    from retake_core.indexing.passes import keyframes, one_video, thumbnails
    from retake_core.indexing.run import IndexRun, index_folders
    from retake_core.library.database import Database
    from retake_core.library.indexing import Depth, begin_job
    from retake_core.protocol.indexing_events import VideoDone
    from retake_core.settings import Settings
    from tests.support.fakes import FakeEncoder

    one_video.STORE_AFTER = 0.0
    thumbnails.BATCH = 2

    def note(*words: object) -> None:
        with Path(journal).open("a") as file:
            file.write(json.dumps(words) + "\n")

    def begin_and_note(connection: Any, video_id: int, depth: Depth, recipe: str) -> Any:
        job = begin_job(connection, video_id, depth, recipe)
        note("begin", job.file.path.name, int(depth))
        return job

    setattr(keyframes, "begin_job", begin_and_note)  # noqa: B010 - mypy: it is not exported
    with contextlib.closing(Database(Path(library))) as database:
        if statements is not None:
            kill_after(database, statements)
        made = FakeEncoder(encoder, on_batch=lambda: time.sleep(pause))
        settings = Settings(encoder=encoder)
        for event in index_folders(IndexRun(database, made, settings, CancelToken()), [Path(folder)]):
            if isinstance(event, VideoDone):
                note("done", Path(event.path).name, int(Depth[event.name.upper()]))
    return 0


def kill_after(database: Any, statements: int) -> None:
    """End this process when it has begun so many statements of SQL."""
    from sqlalchemy import event

    left = iter(range(statements))

    @event.listens_for(database._engine, "before_cursor_execute")
    def _before(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
