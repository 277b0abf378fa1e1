"""The models: which ones fit this computer, getting them, choosing them."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
)

from retake_core.people.registry import DLIB
from retake_core.protocol.model_messages import (
    DownloadProgress,
    Listed,
    MachineMeasured,
    ModelEntry,
    ModelKind,
    ModelState,
)
from retake_desktop.common import wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.form import Page, paragraph, trouble_label
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.preferences.language_box import LanguageBox
from retake_desktop.preferences.model_list import ModelList
from retake_desktop.preferences.model_row import ModelRow

WITHOUT: dict[ModelKind, dict[str, Any]] = {
    ModelKind.SPEECH: {"speech": None},
    ModelKind.SENTENCES: {"sentences": None},
    ModelKind.FACES: {"face_model": DLIB},
}
"""The settings that use no downloaded model."""


class ModelsPage(Page):
    """VideoLLMs, encoders, and where they come from."""

    def __init__(self, store: SettingsStore, client: ModelsClient) -> None:
        super().__init__(self.tr("Models"))
        self._store, self._client = store, client
        self._rows: dict[str, ModelRow] = {}
        self._coming: set[str] = set()  # downloads that were begun here
        self._measured: MachineMeasured | None = None
        self._listed: Listed | None = None
        self.machine = self.note(self.tr("Looking at this computer…"))
        self.problem = trouble_label()
        self.column.addWidget(self.problem)
        self._lists: dict[ModelKind, ModelList] = {}
        for kind, title, text in (
            (
                ModelKind.VIDEOLLM,
                self.tr("Answering questions"),
                self.tr(
                    "A VideoLLM looks at your videos and answers questions. Memory is stated for an hour of video."
                ),
            ),
            (
                ModelKind.ENCODER,
                self.tr("Searching"),
                self.tr("An encoder compares pictures with words. A larger one finds more, but takes longer."),
            ),
            (
                ModelKind.SPEECH,
                self.tr("Listening"),
                self.tr(
                    "Whisper writes down what is said, so that you can search for it. A larger one mishears less."
                ),
            ),
            (
                ModelKind.SENTENCES,
                self.tr("Finding what is meant"),
                self.tr(
                    "What is said, written and noted is also found in other words. Without a model of your choice "
                    "that works in English; this one reads fifty languages, and finds across them."
                ),
            ),
            (
                ModelKind.FACES,
                self.tr("Recognising people"),
                self.tr(
                    "YuNet and SFace also find faces that are small or look aside. With another model, faces are "
                    "looked for again; names stay with the faces that both find. Switch it on under People."
                ),
            ),
        ):
            self.section(title)
            self.note(text)
            self._lists[kind] = ModelList(title)
            self.column.addWidget(self._lists[kind])
            if kind is ModelKind.SPEECH:
                self._build_speech()
        self.folder = QPushButton(self.tr("Use a folder that I have…"))
        line = QHBoxLayout()
        line.setContentsMargins(0, 8, 0, 0)
        line.addWidget(self.folder)
        line.addStretch()
        self.column.addLayout(line)
        self.trouble = trouble_label()
        self.column.addWidget(self.trouble)
        self._build_precision()
        self._build_network()
        self._connect()

    def _build_speech(self) -> None:
        self.no_speech = trouble_label()
        self.column.addWidget(self.no_speech)
        self.language = LanguageBox(self._store)
        self.row(
            self.tr("Spoken language"),
            self.language,
            self.tr("When the language is set, words are misheard less often."),
        )

    def _build_precision(self) -> None:
        self.section(self.tr("Precision"))
        self.precision = QComboBox()
        self.precision.setMinimumWidth(180)
        for value, text in (
            ("auto", self.tr("Automatic")),
            ("full", self.tr("Full")),
            ("4bit", self.tr("4 bit")),
        ):
            self.precision.addItem(text, value)
        self.row(
            self.tr("VideoLLMs"),
            self.precision,
            self.tr("4 bit takes about a third of the graphics memory; answers are a little less good."),
        )
        self.four_bit = paragraph()
        self.four_bit.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.four_bit.hide()
        self.column.addWidget(self.four_bit)

    def _build_network(self) -> None:
        self.section(self.tr("Downloads"))
        self.offline = QCheckBox()
        self.row(
            self.tr("Stay offline"),
            self.offline,
            self.tr("Nothing is downloaded, and no server is contacted."),
        )
        self.endpoint, self.proxy = QLineEdit(), QLineEdit()
        for box, title, text, example in (
            (
                self.endpoint,
                self.tr("Mirror"),
                self.tr("Where models are downloaded from. Leave it empty for the Hugging Face hub."),
                "https://",
            ),
            (self.proxy, self.tr("Proxy"), self.tr("Leave it empty to use the system's proxy."), "http://"),
        ):
            box.setMinimumWidth(260)
            box.setPlaceholderText(example)
            box.setClearButtonEnabled(True)
            self.row(title, box, text)
        self.place = self.note("")

    def _connect(self) -> None:
        self._client.listed.connect(self._show_listed)
        self._client.measured.connect(self._show_measured)
        self._client.progressed.connect(self._show_progress)
        self._client.failed.connect(self._show_failure)
        self._client.used.connect(lambda _: self._store.reload())
        self.folder.clicked.connect(self._choose_folder)
        self.offline.toggled.connect(self._stay_offline)
        self.precision.currentIndexChanged.connect(lambda _: self._change_precision())
        self.endpoint.editingFinished.connect(lambda: self._change_address("hub_endpoint", self.endpoint))
        self.proxy.editingFinished.connect(lambda: self._change_address("proxy", self.proxy))
        self._store.changed.connect(self._show_settings)
        self._show_settings()

    def shown(self) -> None:
        """Read which models are here, and once what this computer has."""
        self._client.refresh()
        if self._measured is None:
            self._client.measure()

    def row_of(self, model: str) -> ModelRow:
        """Return the row of a model that is shown."""
        return self._rows[model]

    def _show_listed(self, listed: Listed) -> None:
        self._listed = listed
        for model in set(self._rows) - {entry.id for entry in listed.models}:
            self._rows.pop(model).deleteLater()
        for entry in listed.models:
            if entry.id not in self._rows:
                self._add(entry)
            downloading = entry.id in self._client.downloading
            self._rows[entry.id].show_entry(entry, downloading=downloading, offline=bool(listed.offline))
            self._lists[entry.kind].place(self._rows[entry.id])
        self._use_first(listed)
        self.no_speech.setText(translated(listed.speech))
        self.no_speech.setVisible(bool(listed.speech))
        free = wording.size(listed.free_bytes)
        self.place.setText(
            self.tr("Downloads go to {folder}, where {size} are free.").format(folder=listed.cache, size=free)
        )

    def _use_first(self, listed: Listed) -> None:
        """Use the first model that was downloaded to answer, to listen or to read: the user has no other."""
        settings = self._store.settings
        lacks = {
            ModelKind.VIDEOLLM: settings.model is None,
            ModelKind.SPEECH: settings.speech is None,
            ModelKind.SENTENCES: settings.sentences is None,
        }
        for entry in listed.models:
            if entry.id in self._coming and entry.state is ModelState.READY:
                self._coming.discard(entry.id)
                if lacks.get(entry.kind):
                    self._client.use(entry.id)

    def _add(self, entry: ModelEntry) -> None:
        row = ModelRow(entry)
        row.wanted.connect(self._do)
        self._rows[entry.id] = row
        self._show_need(row)

    def _show_measured(self, measured: MachineMeasured) -> None:
        self._measured = measured
        free, total = wording.size(measured.free_bytes), wording.size(measured.total_bytes)
        if measured.device:
            text = self.tr("Models run on {card}, which has {total} of memory; {free} are free now.")
        else:
            text = self.tr(
                "Models run on the processor, which is slow for questions. "
                "This computer has {total} of memory; {free} are free now."
            )
        self.machine.setText(text.format(card=measured.device, free=free, total=total))
        self.problem.setText(translated(measured.problem))
        self.problem.setVisible(bool(measured.problem))
        self.four_bit.setText(translated(measured.four_bit_problem))
        self.four_bit.setVisible(bool(measured.four_bit_problem))
        for row in self._rows.values():
            self._show_need(row)

    def _show_need(self, row: ModelRow) -> None:
        if self._measured is not None:
            needs = {need.id: need for need in self._measured.needs}
            row.show_need(needs.get(row.entry.id), self._measured)

    def _show_progress(self, progress: DownloadProgress) -> None:
        if (row := self._rows.get(progress.model)) is not None:
            row.show_progress(progress)

    def _show_failure(self, model: str, reason: str) -> None:
        row = self._rows.get(model)
        if row is not None:
            row.show_failure(reason)
        self.trouble.setText("" if row is not None else reason)
        self.trouble.setVisible(row is None)

    def _do(self, what: str, model: str) -> None:
        self.trouble.hide()
        row = self._rows[model]
        if what == "use" and row.entry.kind is ModelKind.ENCODER and not self._agreed_to_new_encoder(row.entry):
            return
        if what == "delete" and not self._agreed_to_delete(row.entry):
            return
        if what == "anyway":
            if not self._agreed_to_what_cannot_run(row.entry):
                return
            what = "download"
        if what == "stop":
            self._store.change(**WITHOUT[row.entry.kind])
            self._client.refresh()
            return
        getattr(self._client, what)(model)
        if what == "download":
            self._coming.add(model)
            row.show_entry(row.entry, downloading=True, offline=False)
            self._lists[row.entry.kind].place(row)

    def _agreed_to_new_encoder(self, entry: ModelEntry) -> bool:
        question = self.tr(
            "Search with {name} from now on? It looks at the pictures of all keyframes first; until that is done, "
            "search goes on as before. Then all videos are looked at again, which takes longer."
        ).format(name=entry.title)
        return agreed(self, self.tr("Another encoder"), question)

    def _agreed_to_what_cannot_run(self, entry: ModelEntry) -> bool:
        question = self.tr(
            "{name} needs more memory than this computer has, so it cannot run here. Download its {size} anyway?"
        ).format(name=entry.title, size=wording.size(entry.disk_bytes))
        return agreed(self, self.tr("Download anyway"), question)

    def _agreed_to_delete(self, entry: ModelEntry) -> bool:
        question = self.tr("Delete {name} from this computer? This frees {size}.").format(
            name=entry.title, size=wording.size(entry.here_bytes)
        )
        return agreed(self, self.tr("Delete model"), question)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("The folder of a model"), str(Path.home()))
        if folder:
            self.trouble.hide()
            self._client.use(folder)

    def _stay_offline(self, offline: bool) -> None:
        if self._store.change(offline=offline):
            for model in self._client.downloading if offline else ():
                self._client.pause(model)
            self._client.refresh()

    def _change_precision(self) -> None:
        if self._store.change(precision=self.precision.currentData()):
            self._client.measure()

    def _change_address(self, name: str, box: QLineEdit) -> None:
        value = box.text().strip().rstrip("/") or None
        if value is not None and "://" not in value:
            value = ("http://" if name == "proxy" else "https://") + value
        if value != getattr(self._store.settings, name):
            self._store.change(**{name: value})

    def _show_settings(self) -> None:
        settings = self._store.settings
        self.offline.blockSignals(True)
        self.offline.setChecked(settings.offline)
        self.offline.blockSignals(False)
        self.precision.blockSignals(True)
        self.precision.setCurrentIndex(self.precision.findData(settings.precision))
        self.precision.blockSignals(False)
        self.endpoint.setText(settings.hub_endpoint or "")
        self.proxy.setText(settings.proxy or "")
