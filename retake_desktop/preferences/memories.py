"""What is remembered of videos."""

from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton
from sqlalchemy import Connection

from retake_core.data_dir import DataDir
from retake_core.questions.memories import MemoryEntry, name_memories
from retake_core.videollm.memory.index import MemoryIndex, delete
from retake_desktop.common import safe_text, wording
from retake_desktop.common.form import Page, number_box, paragraph
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.common.theme import icon, scaled, theme
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.background import Background
from retake_desktop.engine.settings_store import SettingsStore


class MemoriesPage(Page):
    """How much disk memories take, and which there are."""

    def __init__(self, store: SettingsStore, background: Background, data_dir: DataDir) -> None:
        super().__init__(self.tr("Memories"))
        self._store, self._background, self._data_dir = store, background, data_dir
        self._entries: list[MemoryEntry] = []
        self.note(
            self.tr(
                "After the first question about a video, the model's memory of it is kept, so that "
                "the next question is answered without watching it again. The memories that were not "
                "used for longest make room for new ones."
            )
        )
        self.quota = number_box(self.tr(" GB"), 0, 10_000)
        self.row(self.tr("Disk space for memories"), self.quota)
        self.precision = QComboBox()
        for value, text in (
            ("full", self.tr("Full")),
            ("8bit", self.tr("8 bit")),
            ("4bit", self.tr("4 bit")),
        ):
            self.precision.addItem(text, value)
        self.row(
            self.tr("Precision of new memories"),
            self.precision,
            self.tr(
                "8 bit takes about half of the disk space, 4 bit less than a third. Those that are kept stay."
            ),
        )
        self.used = paragraph()
        self.column.addWidget(self.used)
        self.list = QListWidget()
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("Memories"))
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setMinimumHeight(220)
        self.column.addWidget(self.list, 1)
        self.pin = QPushButton(self.tr("Keep always"))
        self.delete = QPushButton(self.tr("Forget"))
        self.delete_all = QPushButton(self.tr("Forget all…"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.pin)
        buttons.addWidget(self.delete)
        buttons.addStretch()
        buttons.addWidget(self.delete_all)
        self.column.addLayout(buttons)
        self.quota.valueChanged.connect(self._set_quota)
        self.precision.currentIndexChanged.connect(lambda _: self._set_precision())
        self.list.currentRowChanged.connect(lambda _: self._enable())
        self.pin.clicked.connect(self._pin)
        self.delete.clicked.connect(self._delete)
        self.delete_all.clicked.connect(self._delete_all)
        store.changed.connect(self._show_settings)
        theme.changed.connect(self._show)
        self._show_settings()
        self._enable()

    @property
    def entry(self) -> MemoryEntry | None:
        """The selected memory."""
        row = self.list.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def shown(self) -> None:
        """Read which memories there are."""
        index = self._index()

        def read(connection: Connection) -> list[MemoryEntry]:
            return name_memories(connection, index.list())

        self._background.run(read, self._take, key="memories")

    def _index(self) -> MemoryIndex:
        return MemoryIndex(self._data_dir.memories, int(self._store.settings.memory_quota_gb * 1e9))

    def _take(self, entries: list[MemoryEntry]) -> None:
        self._entries = entries
        self._show()

    def _show(self) -> None:
        row = self.list.currentRow()
        self.list.clear()
        for entry in self._entries:
            stored = entry.stored
            name = (
                self.tr("A video that is no longer in the library")
                if entry.video is None
                else safe_text.name(entry.video)
            )
            parts = [stored.model.rpartition("/")[2], wording.day(datetime.fromtimestamp(stored.used))]
            if stored.pinned:
                parts.append(self.tr("kept always"))
            size = wording.size(stored.size)
            item = QListWidgetItem()
            symbol = "pin-outline" if stored.pinned else "memory"
            item.setData(RowDelegate.ROW, Row(name, "  ·  ".join(parts), icon(symbol), size))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join([name, *parts, size]))
            item.setToolTip("" if entry.video is None else safe_text.tip(safe_text.whole(entry.video)))
            item.setSizeHint(QSize(0, scaled(50)))
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(self._entries) - 1))
        used = wording.size(sum(entry.stored.size for entry in self._entries))
        if not self._entries:
            self.used.setText(self.tr("There are none yet; the first question about a video makes one."))
        elif len(self._entries) == 1:
            self.used.setText(self.tr("One memory takes {size}.").format(size=used))
        else:
            count = wording.number(len(self._entries))
            self.used.setText(self.tr("{count} memories take {size}.").format(count=count, size=used))
        self._enable()

    def _show_settings(self) -> None:
        self.quota.blockSignals(True)
        self.quota.setValue(self._store.settings.memory_quota_gb)
        self.quota.blockSignals(False)
        self.precision.blockSignals(True)
        self.precision.setCurrentIndex(self.precision.findData(self._store.settings.memory_precision))
        self.precision.blockSignals(False)

    def _set_precision(self) -> None:
        if not self._store.change(memory_precision=self.precision.currentData()):
            self._show_settings()

    def _set_quota(self, gigabytes: float) -> None:
        if self._store.change(memory_quota_gb=gigabytes):
            self._index().enforce_quota()
            self.shown()

    def _enable(self) -> None:
        entry = self.entry
        self.delete.setEnabled(entry is not None)
        self.pin.setEnabled(entry is not None and bool(entry.stored.fingerprint))
        pinned = entry is not None and entry.stored.pinned
        self.pin.setText(self.tr("Stop keeping it") if pinned else self.tr("Keep always"))
        self.delete_all.setEnabled(bool(self._entries))

    def _pin(self) -> None:
        if (entry := self.entry) is not None:
            self._index().pin(entry.stored.fingerprint, not entry.stored.pinned)
            self.shown()

    def _delete(self) -> None:
        if (entry := self.entry) is not None:
            delete([entry.stored])
            self.shown()

    def _delete_all(self) -> None:
        question = self.tr("Forget all videos? The next question about each will take longer.")
        if agreed(self, self.tr("Forget all"), question):
            delete([entry.stored for entry in self._entries])
            self.shown()
