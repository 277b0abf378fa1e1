"""A playback with a library around it, for clips whose frames carry their numbers."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

import tests.contract.special_clips  # noqa: F401 - it adds its clips
from retake_core.data_dir import DataDir
from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file
from retake_core.media.video_file import FoundFile, fingerprint
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.player.playback import Playback
from tests.contract import barcode
from tests.contract.clips import Clip
from tests.gui.pictures import pixels

SLOW = 60_000


class Stage:
    """A playback with a library around it."""

    qtbot: QtBot

    def __init__(self, root: Path, worker: Sequence[str]) -> None:
        self.data_dir = DataDir(root)
        self.data_dir.create()
        self.database = Database(self.data_dir.database)
        self.background = Background(self.database)
        self.engine = EngineClient(worker, self.data_dir)
        self.playback = Playback(self.engine, self.background)
        self.shown: list[QImage] = []
        self.notes: list[str] = []
        self.playback.image.connect(self.shown.append)
        self.playback.note.connect(self.notes.append)

    def add(self, path: Path, codec: str) -> VideoEntry:
        status = path.stat()
        # The background's connections cannot write, and go back to their database's pool.
        database = Database(self.data_dir.database)
        with database.writing() as connection:
            folder = add_folder(connection, path.parent)
            found = FoundFile(path, status.st_size, status.st_mtime_ns)
            put_file(connection, folder, found, fingerprint(path))
            entry = catalog.find_video(connection, str(path))
            connection.exec_driver_sql("UPDATE video SET codec = ? WHERE id = ?", (codec, entry.id))
            entry = catalog.find_video(connection, str(path))
        database.close()
        return entry

    def number(self) -> int:
        return barcode.read(pixels(self.shown[-1]))

    def wait_for(self, number: int) -> None:
        self.qtbot.waitUntil(lambda: bool(self.shown) and self.number() == number, timeout=SLOW)

    def close(self) -> None:
        self.playback.close()
        self.engine.close()
        self.background.close()
        self.database.close()


def prepared(stage: Stage, clip: Clip, codec: str) -> None:
    """Open a clip, and wait until all that there is to know of it is known."""
    with stage.qtbot.waitSignal(stage.playback.preparation.ready, timeout=SLOW):
        stage.playback.open(stage.add(clip.path, codec))
    stage.wait_for(clip.frames[0][1])
    stage.qtbot.waitUntil(lambda: stage.playback.player.is_open and stage.playback.player.arrived, timeout=SLOW)
