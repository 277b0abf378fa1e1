"""Where a process writes what the user need not see."""

import logging
import os
from pathlib import Path

from retake_core.system.files import open_private


def log_to(path: Path, process: str) -> None:
    """Write this process's log to the end of a file that only its owner may read, under the process's name.

    What the user asks and searches for is written only where the environment sets RETAKE_DEBUG. Where there is no
    room for a log, there is none: that must not keep anything else from working.
    """
    try:
        os.close(open_private(path, os.O_WRONLY))
    except OSError:
        logging.basicConfig(handlers=[logging.NullHandler()], force=True)
        return
    logging.basicConfig(
        handlers=[_LogFile(path, encoding="utf-8", errors="backslashreplace")],
        level=logging.INFO,
        format=f"%(asctime)s %(levelname)s {process} %(name)s: %(message)s",
        force=True,
    )
    logging.getLogger("retake_core").setLevel(logging.DEBUG if os.environ.get("RETAKE_DEBUG") else logging.INFO)


class _LogFile(logging.FileHandler):
    """A log file whose lines are lost, without a word to the user, once the disk has no room for them."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Pass over a line that cannot be written."""
