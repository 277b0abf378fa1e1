"""The models process as the window sees it: one process a task, answers as signals."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from retake_core.data_dir import DataDir
from retake_core.protocol import model_messages
from retake_desktop.common.engine_sentences import translated

STOP_GRACE_MS = 3000  # from the wish to stop until the process is ended


class ModelsClient(QObject):
    """Lists, measures, downloads, chooses and deletes models.

    Args:
        command: runs the models process, without its options.
        data_dir: the library's.
    """

    listed = Signal(object)  # messages.Listed
    measured = Signal(object)  # messages.Measured
    progressed = Signal(object)  # messages.Progress
    used = Signal(str)  # a model is now the chosen one
    downloaded = Signal(str)
    failed = Signal(str, str)  # model, reason; the model is "" when it concerns all

    def __init__(self, command: Sequence[str], data_dir: DataDir) -> None:
        super().__init__()
        self._command, self._data_dir = list(command), data_dir
        self._running: dict[tuple[str, str], QProcess] = {}
        self._again = False
        self._dropped: set[str] = set()
        self._closed = False

    @property
    def downloading(self) -> frozenset[str]:
        """The models that are being downloaded."""
        return frozenset(model for what, model in self._running if what == "download")

    def refresh(self) -> None:
        """Read which models are here."""
        if ("list", "") in self._running:
            self._again = True
        else:
            self._start("list")

    def measure(self) -> None:
        """Look at this computer; takes some seconds."""
        self._start("measure")

    def download(self, model: str) -> None:
        """Download a model, or resume its download."""
        self._start("download", model)

    def pause(self, model: str) -> None:
        """Stop a download; what is here stays."""
        if (process := self._running.get(("download", model))) is not None:
            process.setProperty("stopped", True)
            process.closeWriteChannel()
            QTimer.singleShot(STOP_GRACE_MS, process, process.kill)

    def cancel(self, model: str) -> None:
        """Stop a download and delete what is here of it."""
        if model in self.downloading:
            self._dropped.add(model)
            self.pause(model)
        else:
            self.delete(model)

    def use(self, model: str) -> None:
        """Make a model the one that searches or answers."""
        self._start("use", model)

    def delete(self, model: str) -> None:
        """Delete a model."""
        self._start("delete", model)

    def close(self) -> None:
        """Stop everything; the next download of a model resumes this one."""
        self._closed = True
        for (what, _), process in self._running.items():
            if what == "download":
                process.closeWriteChannel()
            else:
                process.kill()
        for process in self._running.values():
            if not process.waitForFinished(STOP_GRACE_MS):
                process.kill()
                process.waitForFinished()

    def _start(self, what: str, model: str = "") -> None:
        if self._closed or (what, model) in self._running:
            return
        process = QProcess(self)
        process.setStandardErrorFile(str(self._data_dir.log), QProcess.OpenModeFlag.Append)
        process.readyReadStandardOutput.connect(lambda: self._read(process, what, model))
        process.finished.connect(lambda: self._ended(process, what, model))
        process.errorOccurred.connect(lambda error: self._broken(error, process, what, model))
        self._running[what, model] = process
        options = ["--data-dir", str(self._data_dir.root), what, *([model] if model else [])]
        process.start(self._command[0], [*self._command[1:], *options])

    def _interrupted(self, what: str) -> str:
        """Say that a task ended without an answer, and what to do."""
        match what:
            case "download":
                return self.tr(
                    "The download ended unexpectedly. What was downloaded so far is kept; let it go on."
                )
            case "use":
                return self.tr("Choosing the model ended unexpectedly. Choose it again.")
            case "delete":
                return self.tr("Deleting the model ended unexpectedly. Delete it again.")
            case _:
                return self.tr("Looking for models ended unexpectedly. Open this page again.")

    def _read(self, process: QProcess, what: str, model: str) -> None:
        while process.canReadLine():
            try:
                message = model_messages.decode(bytes(process.readLine().data()))
            except (ValueError, msgspec.ValidationError):
                continue
            match message:
                case model_messages.Listed():
                    process.setProperty("answered", True)
                    self.listed.emit(message)
                case model_messages.MachineMeasured():
                    process.setProperty("answered", True)
                    self.measured.emit(message)
                case model_messages.DownloadProgress():
                    self.progressed.emit(message)
                case model_messages.ModelFailed():
                    process.setProperty("answered", True)
                    self.failed.emit(model, translated(message.reason))
                case model_messages.ModelFinished():
                    process.setProperty("answered", True)
                    if what == "use":
                        self.used.emit(model)
                    elif what == "download" and not process.property("stopped"):
                        self.downloaded.emit(model)

    def _broken(self, error: QProcess.ProcessError, process: QProcess, what: str, model: str) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._ended(process, what, model)

    def _ended(self, process: QProcess, what: str, model: str) -> None:
        if self._closed or self._running.pop((what, model), None) is None:
            return
        self._read(process, what, model)
        process.deleteLater()
        if model not in self._dropped and not process.property("answered"):
            self.failed.emit(model, self._interrupted(what))
        if model in self._dropped:
            self._dropped.discard(model)
            self.delete(model)
        elif what not in ("list", "measure") or self._again:
            self._again = False
            self.refresh()
