"""Worker processes as the window sees them: requests go in, answers come back as signals."""

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, lines, requests
from retake_core.protocol.export_order import Order
from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.place import Place

CANCEL_GRACE_MS = 3000  # from the wish to stop until the process is asked to end
TERMINATE_GRACE_MS = 2000  # from there until it is ended
DIED = "The worker process ended unexpectedly. Nothing that was stored is lost; it starts again by itself."
MODEL_DIED = "The model stopped unexpectedly. Ask again; if it stops once more, ask with fewer frames."


class WorkerProcess(QObject):
    """One worker. It is started when there is something to do, and again when it has died.

    Every request that was submitted is answered exactly once, by the worker or, when that cannot, from here.
    """

    answered = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        log_file: str,
        parent: QObject | None = None,
        died: str = DIED,
        *,
        single_thread: bool = False,
    ) -> None:
        super().__init__(parent)
        self._died = died
        self._single_thread = single_thread
        self._command = list(command)
        self._log_file = log_file
        self._open: dict[int, requests.AnyRequest] = {}
        self._cancelling: set[int] = set()
        self._holders: set[requests.Holder] = set()
        self._process: QProcess | None = None
        self._closing = False
        self._deadline = single_shot(self)
        self._deadline.timeout.connect(self._force)

    @property
    def pid(self) -> int:
        """The process id, 0 while none runs."""
        return 0 if self._process is None else self._process.processId()

    def submit(self, request: requests.AnyRequest) -> None:
        """Send a request."""
        self._open[request.id] = request
        if self._process is None:
            self._start()
        else:
            self._process.write(lines.encode(request))

    def cancel(self, job_id: int, *, by_force: bool = True) -> None:
        """Stop a job, at the latest by ending the process if that is allowed."""
        if job_id not in self._open or self._process is None or job_id in self._cancelling:
            return
        self._cancelling.add(job_id)
        self._process.write(lines.encode(requests.Cancel(id=job_id)))
        if by_force and not self._deadline.isActive():
            self._deadline.start(CANCEL_GRACE_MS)

    @property
    def holders(self) -> frozenset[requests.Holder]:
        """Who holds its indexing up."""
        return frozenset(self._holders)

    def hold(self, holder: requests.Holder, held: bool) -> None:
        """Hold indexing up, also that of a process that starts later, or let it go on."""
        if held == (holder in self._holders):
            return
        if held:
            self._holders.add(holder)
        else:
            self._holders.discard(holder)
        if self._process is not None:
            kind = requests.Pause if held else requests.Resume
            self._process.write(lines.encode(kind(id=0, holder=holder)))

    def close(self) -> None:
        """End the worker: it stops by itself when its input ends, and is ended if it does not."""
        self._closing = True
        self._deadline.stop()
        if (process := self._process) is None:
            return
        process.closeWriteChannel()
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
        self._deadline.stop()
        if self._closing:
            return
        for job_id in list(self._cancelling):
            self._finish(answers.JobCancelled(id=job_id))
        self._cancelling.clear()
        # It works on one request at a time, in order: the first open one is what it died of.
        if self._open:
            self._finish(answers.JobFailed(id=next(iter(self._open)), reason=self._died))
        if self._open and self._process is None:
            self._start()


class EngineClient(QObject):
    """The workers: for indexing, searching, copies to play, questions, exports, and following the folders.

    While a question is answered, indexing waits: the model needs the machine for itself.

    Args:
        worker: the command that runs a worker, without its options.
        data_dir: the library's.
    """

    answered = Signal(object)
    held = Signal()  # who holds indexing up has changed

    def __init__(self, worker: Sequence[str], data_dir: DataDir) -> None:
        super().__init__()
        self.data_dir = data_dir
        self._ids = itertools.count(1)
        self._questions: set[int] = set()
        options = ["--data-dir", str(data_dir.root), "--worker"]
        self.indexer = WorkerProcess([*worker, *options, "index"], str(data_dir.log), self)
        # Two threads would wait for each other, spinning, while indexing has the cores: five times the time.
        self.searcher = WorkerProcess([*worker, *options, "search"], str(data_dir.log), self, single_thread=True)
        self.copier = WorkerProcess([*worker, *options, "proxy"], str(data_dir.log), self)
        self.asker = WorkerProcess([*worker, *options, "ask"], str(data_dir.log), self, MODEL_DIED)
        self.watcher = WorkerProcess([*worker, *options, "watch"], str(data_dir.log), self)
        self.exporter = WorkerProcess([*worker, *options, "export"], str(data_dir.log), self)
        for process in self._workers:
            process.answered.connect(self.answered)
        self.asker.answered.connect(self._end_question)

    @property
    def _workers(self) -> tuple[WorkerProcess, ...]:
        return (self.indexer, self.searcher, self.copier, self.asker, self.watcher, self.exporter)

    def index(
        self, add: Sequence[str] = (), folders: Sequence[str] | None = None, first: Sequence[int] = ()
    ) -> int:
        """Bring the library up to date. Like all requests, returns the id that the answers carry."""
        scanned = None if folders is None else tuple(folders)
        request = requests.Index(id=next(self._ids), add=tuple(add), folders=scanned, first=tuple(first))
        return self._submit(self.indexer, request)

    def remove_folder(self, folder: str) -> int:
        """Forget a folder."""
        return self._submit(self.indexer, requests.RemoveFolder(id=next(self._ids), folder=folder))

    def reindex(self, video_ids: Sequence[int]) -> int:
        """Forget what is known of videos."""
        return self._submit(self.indexer, requests.Reindex(id=next(self._ids), video_ids=tuple(video_ids)))

    def retry(self, video_ids: Sequence[int] | None) -> int:
        """Let videos that failed be tried once more; None is all of them."""
        ids = None if video_ids is None else tuple(video_ids)
        return self._submit(self.indexer, requests.Retry(id=next(self._ids), video_ids=ids))

    def remove_videos(self, video_ids: Sequence[int]) -> int:
        """Forget videos while their folder stays."""
        return self._submit(self.indexer, requests.RemoveVideos(id=next(self._ids), video_ids=tuple(video_ids)))

    def watch(self, folders: Sequence[str]) -> int:
        """Have changes in folders told until it is cancelled."""
        return self._submit(self.watcher, requests.Watch(id=next(self._ids), folders=tuple(folders)))

    def similar(self, like: int, time: float, *, query: str = "", video_id: int | None = None) -> int:
        """Find moments that look like the keyframe at a time of the video `like`."""
        request = requests.Similar(id=next(self._ids), like=like, time=time, query=query, video_id=video_id)
        return self._submit(self.searcher, request)

    def search(
        self, query: str, *, video_id: int | None = None, weaker: bool = False, picture: str | None = None
    ) -> int:
        """Find moments; an empty query only makes the searcher ready."""
        request = requests.Search(
            id=next(self._ids), query=query, video_id=video_id, weaker=weaker, picture=picture
        )
        return self._submit(self.searcher, request)

    def change_search(self, name: str, *, query: str | None = None, new: str | None = None) -> int:
        """Keep a query under a name, rename it, or forget it; see `protocol.ChangeSearch`."""
        request = requests.ChangeSearch(id=next(self._ids), name=name, query=query, new=new)
        return self._submit(self.searcher, request)

    def still(self, video_id: int, time: float) -> int:
        """Decode one frame."""
        return self._submit(self.searcher, requests.Still(id=next(self._ids), video_id=video_id, time=time))

    def plan(self, place: Place, question: str, frames: int, keep_ratio: float | None) -> int:
        """Tell what a question would take."""
        request = requests.Plan(
            id=next(self._ids),
            question=question,
            video_id=place.video_id,
            folder=place.folder,
            frames=frames,
            keep_ratio=keep_ratio,
        )
        return self._submit(self.asker, request)

    def ask(
        self, place: Place, question: str, frames: int, keep_ratio: float | None, conversation_id: int | None
    ) -> int:
        """Answer a question."""
        request = requests.Ask(
            id=next(self._ids),
            question=question,
            video_id=place.video_id,
            folder=place.folder,
            frames=frames,
            keep_ratio=keep_ratio,
            conversation_id=conversation_id,
        )
        self._questions.add(request.id)
        self.hold_indexing("question", True)
        return self._submit(self.asker, request)

    def forget_conversations(self, ids: Sequence[int]) -> None:
        """Delete conversations."""
        self._submit(self.asker, requests.ForgetConversations(id=next(self._ids), ids=tuple(ids)))

    def hold_indexing(self, holder: requests.Holder, held: bool) -> None:
        """Hold indexing up at the next batch, or let it go on; the holders do not release one another."""
        self.indexer.hold(holder, held)
        self.held.emit()

    def prepare(self, video_id: int, short_side: int, *, failed: bool = False) -> int:
        """Find out how a video can be played; see `protocol.Prepare`."""
        request = requests.Prepare(id=next(self._ids), video_id=video_id, short_side=short_side, failed=failed)
        return self._submit(self.copier, request)

    def export(self, order: Order) -> int:
        """Write something of the library into a file."""
        return self._submit(self.exporter, requests.Export(id=next(self._ids), order=order))

    def cancel(self, job_id: int) -> None:
        """Stop a job of any worker."""
        self.indexer.cancel(job_id)
        self.watcher.cancel(job_id)
        self.copier.cancel(job_id)
        self.exporter.cancel(job_id)
        # A search is short, but the first one loads the encoder: ending the process would load it again.
        self.searcher.cancel(job_id, by_force=False)
        self.asker.cancel(job_id, by_force=job_id in self._questions)

    def close(self) -> None:
        """End the workers."""
        for process in self._workers:
            process.close()

    def _end_question(self, answer: answers.AnyReply) -> None:
        if not isinstance(answer, answers.JobEvent) and answer.id in self._questions:
            self._questions.discard(answer.id)
            if not self._questions:
                self.hold_indexing("question", False)

    def _submit(self, process: WorkerProcess, request: requests.AnyRequest) -> int:
        process.submit(request)
        return request.id
