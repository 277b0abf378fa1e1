"""Where everything lies, and how large it is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton
from sqlalchemy import Connection

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.maintenance.caches import empty_caches
from retake_desktop.common import wording
from retake_desktop.common.desktop_files import show_in_file_manager
from retake_desktop.common.form import Page, paragraph
from retake_desktop.common.widgets import agreed, muted_label
from retake_desktop.engine.background import Background
from retake_desktop.preferences.move_box import MoveBox

PARTS = ("library", "copies", "vectors", "memories", "proxies", "dragged", "citations", "rest")
CACHES = ("proxies", "dragged", "citations")


class DataPage(Page):
    """The data directory.

    Args:
        background: measures it.
        data_dir: the library's.
        move: moves it.
    """

    def __init__(self, background: Background, data_dir: DataDir, move: MoveBox) -> None:
        super().__init__(self.tr("Data"))
        self._background, self._data_dir, self.move_box = background, data_dir, move
        self._cached = 0  # bytes that the caches take
        self.note(self.tr("Everything that ReTaKe knows is kept in one directory. Your videos are not in it."))
        self.place = _copyable(str(data_dir.root), self.tr("The data directory"))
        self.column.addWidget(self.place)
        self.open = QPushButton(self.tr("Show in file manager"))
        self.open.clicked.connect(lambda: show_in_file_manager(data_dir.root))
        self.column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.section(self.tr("Size"))
        self.sizes = {name: muted_label() for name in PARTS}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(0, 1)
        titles = {
            "library": self.tr("Library: keyframes, pictures, texts"),
            "copies": self.tr("Copies of the library; see Backup"),
            "vectors": self.tr("Search index; rebuilt when it is missing"),
            "memories": self.tr("Memories of videos"),
            "proxies": self.tr("Copies of videos that cannot be played as they are"),
            "dragged": self.tr("Clips that were dragged out of the window"),
            "citations": self.tr("Pictures of the last answer, for the command line"),
            "rest": self.tr("Settings, log and other small files"),
        }
        for row, name in enumerate(PARTS):
            grid.addWidget(QLabel(titles[name]), row, 0)
            grid.addWidget(self.sizes[name], row, 1, Qt.AlignmentFlag.AlignRight)
        self.column.addLayout(grid)
        self.empty = QPushButton(self.tr("Empty what can be made again…"))
        self.empty.setEnabled(False)
        self.empty.clicked.connect(self._empty)
        self.column.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignLeft)
        self.said = paragraph()
        self.said.hide()
        self.column.addWidget(self.said)
        self.section(self.tr("Another place"))
        self.note(
            self.tr("The library can lie on another disk. The command line and the next start find it there, too.")
        )
        self.column.addWidget(move)
        self.section(self.tr("Removing everything"))
        self.note(self.tr("Delete the directory above. Downloaded models are deleted on the Models page."))

    def shown(self) -> None:
        """Measure what lies there."""
        self.move_box.show_state()
        self._background.run(lambda connection: measure(connection, self._data_dir), self._show, key="data sizes")

    def _show(self, sizes: dict[str, int]) -> None:
        for name, count in sizes.items():
            self.sizes[name].setText(wording.size(count))
        self._cached = sum(sizes[name] for name in CACHES)
        self.empty.setEnabled(self._cached > 0)

    def _empty(self) -> None:
        question = self.tr(
            "Delete the copies of videos, the dragged clips and the pictures, {size} in all? They are made again "
            "when they are needed; until then such a video takes a moment longer to open."
        )
        if agreed(self, self.tr("Empty what can be made again"), question.format(size=wording.size(self._cached))):
            self.empty.setEnabled(False)
            self._background.run(lambda _: _empty_caches(self._data_dir), self._tell, key="empty caches")

    def _tell(self, outcome: int | str) -> None:
        freed = self.tr("{size} of disk are free again.")
        self.said.setText(outcome if isinstance(outcome, str) else freed.format(size=wording.size(outcome)))
        self.said.show()
        self.shown()


def measure(_: Connection, data_dir: DataDir) -> dict[str, int]:
    """Return the bytes of each of PARTS."""
    sizes = dict.fromkeys(PARTS, 0)
    for path in data_dir.root.rglob("*"):
        try:
            size = path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
        top = path.relative_to(data_dir.root).parts[0]
        is_library = top.startswith(data_dir.database.name)
        sizes["library" if is_library else top if top in PARTS else "rest"] += size
    return sizes


def _empty_caches(data_dir: DataDir) -> int | str:
    """Empty the caches, and return the bytes that are free, or why they are not."""
    try:
        return empty_caches(data_dir)
    except UserError as error:
        return str(error)


def _copyable(text: str, name: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setReadOnly(True)
    line.setAccessibleName(name)
    line.setCursorPosition(0)
    return line
