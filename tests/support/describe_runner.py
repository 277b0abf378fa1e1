"""Describes in children that a test may kill: imports once, and forks for every run.

Reads JSON lines, each the data directory, the model's folder, and after how many SQL statements and after how many
seconds the child kills itself, or null; writes the exit status of the child. What the model says is written down;
what it reads, and the memory of that, is real.
"""

import os
import signal
import threading
from pathlib import Path
from typing import Any

from tests.support.forking import fork_for_every_line


def main() -> None:
    """Fork a child for every line of standard input."""
    import retake_core.describing.describing_pass
    import retake_core.videollm.model  # noqa: F401 - so that the children need not

    fork_for_every_line(_describe)


def _describe(root: str, model: str, statements: int | None, seconds: float | None) -> None:
    from contextlib import closing

    import pytest
    import torch

    from retake_core.cancel import CancelToken
    from retake_core.data_dir import DataDir
    from retake_core.describing.service import Describing
    from retake_core.indexing.run import IndexRun
    from retake_core.library.database import Database
    from retake_core.protocol.indexing_events import VideoDescribed
    from retake_core.settings import Settings
    from tests.support.describing import Script
    from tests.support.fakes import FakeEncoder
    from tests.support.in_process import decode_in_threads
    from tests.support.kill_runner import kill_after

    torch.set_num_threads(1)
    patch: Any = pytest.MonkeyPatch()
    decode_in_threads(patch)
    Script().install(patch)
    data_dir = DataDir(Path(root))
    with closing(Database(data_dir.database)) as database:
        if statements is not None:
            kill_after(database, statements)
        if seconds is not None:
            threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        settings = Settings(describe=True, model=model)
        run = IndexRun(database, FakeEncoder(), settings, CancelToken())
        for event in Describing(data_dir, settings).run(run):
            if isinstance(event, VideoDescribed):
                with (data_dir.root / "journal").open("a") as journal:
                    journal.write(f"{Path(event.path).name}\n")


if __name__ == "__main__":
    main()
