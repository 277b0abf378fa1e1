"""A worker process as the window sees it: requests go in, answers come back as signals."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QCoreApplication,
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    Signal,
)

from retake_core.protocol import answers, lines, requests
from retake_desktop.common.widgets import single_shot

CANCEL_GRACE_MS = 3000  # from the wish to stop until the process is asked to end
TERMINATE_GRACE_MS = 2000  # from there until it is ended
IDLE_MS = 60_000  # without a request, until a process gives its memory back by ending
DIED = str(
    QT_TRANSLATE_NOOP(
        "engine",
        "A part of ReTaKe ended unexpectedly. Nothing that was stored is lost; it starts again by itself.",
    )
)


class WorkerDied(answers.JobFailed, frozen=True, kw_only=True):
    """The worker ended before it answered. The window makes this answer itself: no process sends it."""


class WorkerProcess(QObject):
    """One worker. It is started when there is something to do, and again when it has died.

    Until it is closed, every request is answered exactly once, by the worker or, when that has died, from here.

    Args:
        command: runs the worker.
        log_file: takes what it says on standard error.
        parent: as Qt's.
        death_notice: the reason of a job that the worker died of.
        single_thread: whether its libraries compute in one thread.
        idle_ms: milliseconds without a request after which the process ends.
    """

    answered = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        log_file: str,
        parent: QObject | None = None,
        death_notice: str = DIED,
        *,
        single_thread: bool = False,
        idle_ms: int = IDLE_MS,
    ) -> None:
        super().__init__(parent)
        self._death_notice = death_notice
        self._single_thread = single_thread
        self._command = list(command)
        self._log_file = log_file
        self._open: dict[int, requests.AnyRequest] = {}
        self._cancelling: set[int] = set()
        self._holders: set[requests.Holder] = set()
        self._process: QProcess | None = None
        self._closing = False
        self._resting = False  # the process ends because there was nothing to do
        self._idle_ms = idle_ms
        self._idle = single_shot(self, idle_ms)
        self._idle.timeout.connect(self.rest)
        self._deadline = single_shot(self)
        self._deadline.timeout.connect(self._force)

    @property
    def pid(self) -> int:
        """The process id, 0 while none runs."""
        return 0 if self._process is None else self._process.processId()

    def submit(self, request: requests.AnyRequest) -> None:
        """Send a request; once the worker is closed, nothing comes of it."""
        if self._closing:
            return
        self._open[request.id] = request
        self._idle.stop()
        if self._process is None:
            self._start()
        else:
            self._write(request)

    def stay(self, idle_ms: int) -> None:
        """Let the process wait so long before it ends: it holds what is dear to load; the next one begins anew."""
        self._idle.setInterval(idle_ms)

    def cancel(self, job_id: int, *, by_force: bool = True) -> None:
        """Stop a job, at the latest by ending the process if that is allowed."""
        if job_id not in self._open or self._process is None or job_id in self._cancelling:
            return
        self._cancelling.add(job_id)
        self._write(requests.Cancel(id=job_id))
        if by_force and not self._deadline.isActive():
            self._deadline.start(CANCEL_GRACE_MS)

    @property
    def holders(self) -> frozenset[requests.Holder]:
        """Who pauses its indexing."""
        return frozenset(self._holders)

    def hold(self, holder: requests.Holder, held: bool) -> None:
        """Pause indexing, also that of a process that starts later, or resume it."""
        if held == (holder in self._holders):
            return
        if held:
            self._holders.add(holder)
        else:
            self._holders.discard(holder)
        kind = requests.Pause if held else requests.Resume
        self._write(kind(id=0, holder=holder))

    def rest(self) -> None:
        """End the process, which gives back its memory, if it has nothing to do; the next request starts it."""
        if self._process is not None and not self._open:
            self._resting = True
            self._process.closeWriteChannel()
            self._deadline.start(CANCEL_GRACE_MS)

    def end_input(self) -> None:
        """Let the worker end: it does so by itself as soon as its input ends."""
        self._closing = True
        self._idle.stop()
        self._deadline.stop()
        if self._process is not None:
            self._process.closeWriteChannel()

    def close(self) -> None:
        """Wait until the worker has ended, and end it if it does not."""
        self.end_input()
        if (process := self._process) is None:
            return
        if not process.waitForFinished(CANCEL_GRACE_MS):
            process.terminate()
            if not process.waitForFinished(TERMINATE_GRACE_MS):
                process.kill()
                process.waitForFinished()

    def _start(self) -> None:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("OPENBLAS_NUM_THREADS", "1")  # its threads cost more than they bring
        if self._single_thread:
            environment.insert("OMP_NUM_THREADS", "1")
        environment.insert("HF_HUB_OFFLINE", "1")  # models are fetched by a process of their own, on a click
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(self._log_file, QProcess.OpenModeFlag.Append)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed_to_start)
        self._process = process
        process.start(self._command[0], self._command[1:])
        for holder in self._holders:
            process.write(lines.encode(requests.Pause(id=0, holder=holder)))
        for request in list(self._open.values()):
            process.write(lines.encode(request))

    def _write(self, request: requests.AnyRequest) -> None:
        # One that is about to end hears nothing more: the next one is told all that is open.
        if self._process is not None and not self._closing and not self._resting:
            self._process.write(lines.encode(request))

    def _read(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            try:
                answer = answers.decode_answer(line)
            except lines.ProtocolError:
                continue  # it cannot be told whose answer this is; the end of the process will answer it
            if isinstance(answer, answers.JobEvent):
                if answer.id in self._open:
                    self.answered.emit(answer)
            elif isinstance(answer, answers.LineRejected):
                self._finish(answers.JobFailed(id=answer.id, reason=answer.reason, defect=True))
            else:
                self._finish(answer)
        if self._process is not None and self._process.bytesAvailable() > lines.MAX_LINE:
            self._process.kill()  # a line without end would fill the memory

    def _finish(self, answer: answers.AnyReply) -> None:
        if self._open.pop(answer.id, None) is None:
            return
        self._cancelling.discard(answer.id)
        if not self._cancelling:
            self._deadline.stop()
        if not self._open and not self._closing:
            self._idle.start()
        self.answered.emit(answer)

    def _force(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        process = self._process
        QTimer.singleShot(TERMINATE_GRACE_MS, process, process.kill)

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._ended()

    def _ended(self) -> None:
        if self._process is None:
            return
        self._read()
        self._process.deleteLater()
        self._process = None
        self._idle.setInterval(self._idle_ms)
        self._deadline.stop()
        died, self._resting = not self._resting, False
        if self._closing:
            return
        for job_id in list(self._cancelling):
            self._finish(answers.JobCancelled(id=job_id))
        self._cancelling.clear()
        # It works on one request at a time, in order: the first open one is what it died of.
        if self._open and died:
            reason = QCoreApplication.translate("engine", self._death_notice)
            self._finish(WorkerDied(id=next(iter(self._open)), reason=reason))
        if self._open and self._process is None:
            self._start()
