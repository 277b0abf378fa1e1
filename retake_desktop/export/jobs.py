"""Exports that run or have run: asked of the worker, followed, and told of at their end."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from retake_core.protocol import answers, indexing_events
from retake_core.protocol.export_order import Order, Report
from retake_desktop.common import safe_text
from retake_desktop.common.wording import sentences
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.worker_process import WorkerDied
from retake_desktop.export import wording
from retake_desktop.indexing.activity import Activity


@dataclass(slots=True)
class Running:
    """An export that is not complete.

    Attributes:
        fraction: 0..1.
        quiet: its end is not reported.
    """

    order: Order
    fraction: float = field(default=0.0)
    quiet: bool = False

    @property
    def name(self) -> str:
        """The name of the file that is made."""
        return safe_text.name(Path(self.order.target))


class Exports(QObject):
    """Hands orders to the worker; they are done one after another."""

    changed = Signal()
    written = Signal(str, object)  # what was done in a sentence, and the file
    failed = Signal(str)  # why, in a sentence
    made = Signal(int, object)  # job and its Report, or None when there is none

    def __init__(self, engine: EngineClient, activity: Activity) -> None:
        super().__init__()
        self._engine = engine
        self._activity = activity
        self.running: dict[int, Running] = {}
        engine.answered.connect(self._take)

    def start(self, order: Order, *, quiet: bool = False) -> int:
        """Have a file written, and return the job's number."""
        job = self._engine.export(order)
        self.running[job] = Running(order, quiet=quiet)
        self.changed.emit()
        return job

    def stop(self, job: int) -> None:
        """Give one up; nothing of it is left behind."""
        self._engine.cancel(job)

    def stop_all(self) -> None:
        """Give all up that are shown."""
        for job, export in list(self.running.items()):
            if not export.quiet:
                self.stop(job)

    @property
    def shown(self) -> list[Running]:
        """Those that somebody asked for, in the order in which they are done."""
        return [export for export in self.running.values() if not export.quiet]

    def _take(self, answer: answers.AnyReply) -> None:
        export = self.running.get(answer.id)
        if export is None:
            return
        if isinstance(answer, answers.JobEvent):
            if isinstance(answer.event, indexing_events.CopyProgress):
                export.fraction = answer.event.fraction
                self.changed.emit()
            return
        del self.running[answer.id]
        match answer:
            case answers.ExportDone():
                self._tell(export, answer.report)
            case answers.JobFailed():
                reason = answer.reason
                if isinstance(answer, WorkerDied):
                    reason = self.tr("The export of {name} stopped unexpectedly. Export it again.")
                    reason = reason.format(name=export.name)
                self._activity.note(
                    self.tr("{name} was not written.").format(name=export.name), reason, failed=True
                )
                self.failed.emit(reason)
            case _ if not export.quiet:
                self._activity.note(
                    self.tr("Export stopped"), self.tr("{name} was not written.").format(name=export.name)
                )
        self.changed.emit()
        self.made.emit(answer.id, answer.report if isinstance(answer, answers.ExportDone) else None)

    def _tell(self, export: Running, report: Report) -> None:
        if export.quiet:
            return
        done = self.tr("{name} was written.").format(name=export.name)
        notes = [wording.sentence(note) for note in report.notes]
        folder = safe_text.whole(Path(report.target).parent)
        detail = "  ·  ".join([self.tr("In {folder}").format(folder=folder), *notes])
        self._activity.note(done, detail, file=report.target)
        self.written.emit(sentences([done, *notes]), Path(report.target))
