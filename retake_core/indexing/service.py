"""What the window's worker does to bring the library up to date."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.encoders import Encoder
from retake_core.indexing.renaming import rename_video
from retake_core.indexing.run import IndexRun, LastPass, index_folders
from retake_core.library.database import Database
from retake_core.library.folders import folders
from retake_core.protocol import requests
from retake_core.protocol.answers import JobDone
from retake_core.protocol.indexing_events import IndexingEvent, Waiting
from retake_core.settings import Settings, load_settings
from retake_core.system.writer_lock import only_writer_in_turn

OTHER = "Another ReTaKe is indexing this library. Indexing goes on by itself."


class IndexingService:
    """Indexes folders.

    Args:
        database: of the library.
        data_dir: the library's.
        opener: loads the encoder of a name.
        last: makes what comes at the end of a run, of its settings and the videos that its request names for that.
        elsewhere: lets a run use other computers during a block.
    """

    def __init__(
        self,
        database: Database,
        data_dir: DataDir,
        opener: Callable[[str], Encoder],
        last: Callable[[Settings, Sequence[int]], LastPass | None] = lambda _settings, _ids: None,
        elsewhere: Callable[[IndexRun], AbstractContextManager[IndexRun]] = nullcontext,
    ) -> None:
        self._database, self._data_dir, self._opener = database, data_dir, opener
        self._last, self._elsewhere = last, elsewhere

    def index(self, request: requests.Index, token: CancelToken, tell: Callable[[IndexingEvent], None]) -> JobDone:
        """Bring folders of the library up to date, as the only writer; wait until another one has ended.

        Raises:
            UserError: a folder is not there, or the encoder cannot be loaded.
            Cancelled: a stop was asked for; the next run goes on from there.
        """
        with only_writer_in_turn(self._data_dir, lambda: tell(Waiting(OTHER)), token):
            places = self._places(request)
            settings = load_settings(self._data_dir.settings)
            run = IndexRun(
                self._database,
                self._opener(settings.encoder),
                settings,
                token,
                thorough=settings.thorough,
                patient=True,
                first=request.first,
                log=self._data_dir.log,
                vectors=self._data_dir.vectors,
                speeds=self._data_dir.indexing_speeds,
                decoding_verdicts=self._data_dir.decoding_verdicts,
                precision_verdicts=self._data_dir.precision_verdicts,
                last=self._last(settings, request.describe),
            )
            with self._elsewhere(run) as ready:
                for event in index_folders(ready, places):
                    tell(event)
        return JobDone(id=request.id)

    def rename(self, request: requests.RenameVideo) -> JobDone:
        """Rename a video's file in its folder; the library follows at once.

        Raises:
            UserError: it cannot be, with the reason; all is as it was.
        """
        rename_video(
            self._database, request.video_id, request.name, None if request.path is None else Path(request.path)
        )
        return JobDone(id=request.id)

    def _places(self, request: requests.Index) -> list[Path]:
        """Return the folders of a request, and the single files that join the library."""
        with self._database.reading() as connection:
            paths = [path for _, path in folders(connection)]
        if request.folders is not None:
            paths = [path for path in paths if os.fspath(path) in request.folders]
        return list(dict.fromkeys([*paths, *map(Path, request.add)]))
