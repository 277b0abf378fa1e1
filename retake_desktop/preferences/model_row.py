"""One model of the models page: what it is, what it needs, what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout

from retake_core.display import clock
from retake_core.models.catalogue import BUILTIN, BY_ID, NO_COMMERCIAL_USE
from retake_core.protocol.model_messages import (
    DownloadProgress,
    MachineMeasured,
    ModelEntry,
    ModelKind,
    ModelState,
    Need,
)
from retake_desktop.common import wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.form import paragraph
from retake_desktop.common.theme import scaled_font
from retake_desktop.common.widgets import TextLabel

PERMILLE = 1000
DISPENSABLE = (ModelKind.SPEECH, ModelKind.SENTENCES, ModelKind.FACES)  # without these all else goes on


class ModelRow(QFrame):
    """Shows a model; its buttons say by signals what the user wants."""

    wanted = Signal(str, str)  # what: download, anyway, pause, cancel, use, stop, delete; and the model

    def __init__(self, entry: ModelEntry) -> None:
        super().__init__()
        self.setObjectName("card")
        self.entry = entry
        self._need: Need | None = None
        self._measured: MachineMeasured | None = None
        self._progress: DownloadProgress | None = None
        self._failure = ""
        self.downloading = False
        self._offline = False
        self._name = TextLabel()
        self._name.setFont(scaled_font(self.font(), 1.0, bold=True))
        self._tag = QLabel()
        self._tag.setObjectName("tag")
        self.facts = paragraph()
        self.state = paragraph()
        self.bar = QProgressBar()
        self.bar.setRange(0, PERMILLE)
        self.bar.setTextVisible(False)
        self.first, self.second = QPushButton(), QPushButton()
        self._does: dict[QPushButton, str] = {}
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._name)
        top.addWidget(self._tag)
        top.addStretch()
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addLayout(top)
        words.addWidget(self.facts)
        words.addWidget(self.state)
        words.addSpacing(2)
        words.addWidget(self.bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 12, 14, 12)
        line.setSpacing(8)
        line.addLayout(words, 1)
        line.addSpacing(8)
        for button in (self.second, self.first):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, button=button: self._press(button))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._show()

    def show_entry(self, entry: ModelEntry, *, downloading: bool, offline: bool) -> None:
        """Show another state of the model."""
        self.entry, self.downloading, self._offline = entry, downloading, offline
        if downloading or entry.state is ModelState.READY:
            self._failure = ""
        if not downloading:
            self._progress = None
        self._show()

    def show_need(self, need: Need | None, measured: MachineMeasured) -> None:
        """Show what the model takes on this computer."""
        self._need, self._measured = need, measured
        self._show()

    def show_progress(self, progress: DownloadProgress) -> None:
        """Show how far a download has come."""
        self._progress, self.downloading = progress, True
        self._show()

    def show_failure(self, reason: str) -> None:
        """Show why something did not work."""
        self._failure = reason
        self.downloading = False
        self._show()

    def _press(self, button: QPushButton) -> None:
        self.wanted.emit(self._does[button], self.entry.id)

    def _show(self) -> None:
        entry = self.entry
        self._name.setText(self._title)
        tag = self.tr("In use") if entry.chosen and entry.state is ModelState.READY else ""
        tag = tag or (self.tr("Recommended") if entry.recommended else "")
        self._tag.setText(tag)
        self._tag.setVisible(bool(tag))
        self.facts.setText("  ·  ".join(self._fact_parts()))
        self.facts.setToolTip(self._fact_details())
        text, bad = self._state_text()
        self.state.setText(text)
        self.state.setVisible(bool(text))
        self.state.setObjectName("danger" if bad else "muted")
        self.state.style().polish(self.state)
        partial = self.downloading or entry.state is ModelState.PARTIAL
        self.bar.setVisible(partial)
        if partial:
            done, total = self._amount()
            self.bar.setValue(PERMILLE * done // max(1, total))
            self.bar.setAccessibleName(self.tr("Download of {name}").format(name=self._title))
        self._show_buttons()

    def _fact_parts(self) -> list[str]:
        entry = self.entry
        parts = [entry.licence] if entry.licence else []
        if entry.licence in NO_COMMERCIAL_USE:
            parts = [self.tr("no commercial use ({licence} licence)").format(licence=entry.licence)]
        parts.append(self.tr("{size} on disk").format(size=wording.size(entry.disk_bytes)))
        if (need := self._need) is not None:
            parts.append(self.tr("{size} of memory").format(size=wording.size(need.compressed_bytes)))
        if entry.id in BY_ID and BY_ID[entry.id].english_only:
            parts.append(self.tr("reads English only"))
        return parts

    def _fact_details(self) -> str:
        if (need := self._need) is None or need.full_bytes is None:
            return ""
        return self.tr("For an hour of video. Without compression it would take {size} of memory.").format(
            size=wording.size(need.full_bytes)
        )

    def _state_text(self) -> tuple[str, bool]:
        """Return what is to be said of the state, and whether it is bad."""
        entry = self.entry
        if self._failure:
            return self._failure, True
        if self.downloading:
            return self._progress_text(), False
        if entry.state is ModelState.BROKEN:
            return translated(entry.reason), True
        if entry.state is ModelState.PARTIAL:
            done, total = self._amount()
            return self.tr("Paused: {done} of {total} downloaded.").format(
                done=wording.size(done), total=wording.size(total)
            ), False
        if entry.chosen and entry.state is ModelState.ABSENT:
            return self.tr("This model is chosen, but it is not on this computer."), True
        return self._fit_text()

    def _fit_text(self) -> tuple[str, bool]:
        need, measured = self._need, self._measured
        if need is None or measured is None:
            return "", False
        if self._too_large:
            return self._too_large_text(need, measured), True
        parts = []
        if self.entry.kind is ModelKind.VIDEOLLM:
            fits = self.tr("Runs here, and looks at up to {count} moments of a video.")
            if need.four_bit:
                fits = self.tr("Runs here in 4 bit, and looks at up to {count} moments of a video.")
            parts.append(fits.format(count=wording.number(need.frames)))
        if need.hour_seconds is not None:
            parts.append(self._hour_text(need.hour_seconds, measured))
        if need.compressed_bytes > measured.free_bytes and self.entry.id != BUILTIN:
            parts.append(self.tr("Close other programs first: not enough memory is free now."))
        return wording.sentences(parts), False

    @property
    def _title(self) -> str:
        return self.tr("Built-in") if self.entry.id == BUILTIN else self.entry.title

    @property
    def _too_large(self) -> bool:
        """Whether this computer has too little memory for it."""
        return self._need is not None and not self._need.frames

    def _too_large_text(self, need: Need, measured: MachineMeasured) -> str:
        text = self.tr("Cannot run here: it takes {needed} of memory, and this computer has {total}.")
        if measured.device:
            text = self.tr("Cannot run here: it takes {needed} of memory, and the graphics card has {total}.")
        text = text.format(needed=wording.size(need.compressed_bytes), total=wording.size(measured.total_bytes))
        if need.fits_in_four_bit and not need.four_bit:
            text = wording.sentences([text, self.tr("In 4 bit it would fit; see below.")])
        return text

    def _hour_text(self, seconds: float, measured: MachineMeasured) -> str:
        if measured.device:
            text = self.tr("An hour of video takes {time}.")
        else:
            text = self.tr("An hour of video takes {time} on this processor.")
        return text.format(time=wording.about(seconds))

    def _progress_text(self) -> str:
        if (progress := self._progress) is None:
            return self.tr("Finding out what to download")
        if progress.checking:
            return self.tr("Checking the download")
        text = self.tr("{done} of {total}").format(
            done=wording.size(progress.done), total=wording.size(progress.total)
        )
        if progress.speed:
            left = (progress.total - progress.done) / progress.speed
            text += "  ·  " + self.tr("{size} a second, {time} left").format(
                size=wording.size(int(progress.speed)), time=clock(left)
            )
        return text

    def _amount(self) -> tuple[int, int]:
        if self._progress is not None:
            return self._progress.done, self._progress.total
        return self.entry.here_bytes, self.entry.disk_bytes

    def _offers(self) -> tuple[str | None, str | None]:
        """Return what the two buttons do."""
        entry = self.entry
        dispensable = entry.chosen and entry.kind in DISPENSABLE
        delete = "delete" if entry.removable else None
        if self.downloading:
            return "pause", "cancel"
        match entry.state:
            case ModelState.PARTIAL:
                return "resume", "cancel"
            case ModelState.READY:
                return ("stop" if dispensable else None) if entry.chosen else "use", delete
            case ModelState.BROKEN if delete is not None:
                return "again", delete
            case ModelState.ABSENT if "/" in entry.id.strip("/"):
                return "anyway" if self._too_large else "download", "stop" if dispensable else None
        return "stop" if dispensable else None, None

    def _show_buttons(self) -> None:
        texts = {
            "pause": self.tr("Pause"),
            "cancel": self.tr("Cancel"),
            "resume": self.tr("Continue"),
            "use": self.tr("Use"),
            "stop": self.tr("Stop using"),
            "delete": self.tr("Delete…"),
            "again": self.tr("Download again"),
            "download": self.tr("Download"),
            "anyway": self.tr("Download anyway…"),
        }
        self._does = {}
        for button, what in zip((self.first, self.second), self._offers(), strict=True):
            button.setVisible(what is not None)
            if what is None:
                continue
            self._does[button] = "download" if what in ("resume", "again") else what
            button.setText(texts[what])
            button.setAccessibleName(f"{texts[what]}: {self._title}".replace("…", ""))
            button.setEnabled(not (self._offline and self._does[button] in ("download", "anyway")))
