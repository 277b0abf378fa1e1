"""What the parts of the window share."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from retake_core.data_dir import DataDir
from retake_desktop.common.notice_bar import NoticeBar
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.engine.thumbnails import Thumbnails


@dataclass(frozen=True, slots=True)
class Desk:
    """Holds the tools that most parts of a window use, and does nothing itself.

    Attributes:
        window: menus and dialogs open over it.
        actions: all that the user can choose, by name.
        notice: tells the user something in a sentence.
        engine: the workers.
        background: short reads of the library.
        thumbnails: pictures of keyframes.
        store: the user's settings.
        window_state: what the window remembers: its layout, the latest searches, the choices of the last export.
        data_dir: the library's.
    """

    window: QWidget
    actions: Mapping[str, QAction]
    notice: NoticeBar
    engine: EngineClient
    background: Background
    thumbnails: Thumbnails
    store: SettingsStore
    window_state: QSettings
    data_dir: DataDir
