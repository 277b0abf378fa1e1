"""What the window's worker does to notice that the library is not up to date.

It lives as long as the window, so it loads nothing that only indexing needs: PyTorch alone takes 400 MB.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from retake_core.cancel import CancelToken
from retake_core.indexing.left_out import LeftOutPatterns
from retake_core.indexing.watching import watch
from retake_core.library.database import Database
from retake_core.library.folders import present_files
from retake_core.media.video_file import FoundFile
from retake_core.protocol import requests
from retake_core.protocol.indexing_events import IndexingEvent


class WatchService:
    """Watches folders.

    Args:
        database: of the library.
        settings: the user's file, which says what is left out.
    """

    def __init__(self, database: Database, settings: Path) -> None:
        self._database, self._settings = database, settings

    def watch(
        self, request: requests.Watch, token: CancelToken, tell: Callable[[IndexingEvent], None]
    ) -> NoReturn:
        """Tell of changes in folders until a stop is asked for.

        Raises:
            Cancelled: a stop was asked for.
        """
        leave_out = LeftOutPatterns(self._settings)
        for event in watch([Path(path) for path in request.folders], self._files, token, leave_out):
            tell(event)
        raise AssertionError

    def _files(self) -> dict[Path, FoundFile]:
        with self._database.reading() as connection:
            return present_files(connection)
