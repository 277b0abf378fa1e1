"""The workers as the window sees them: what each is asked for, and the answers of all as one signal."""

import itertools
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QObject, Signal

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, indexing_events, people_requests, requests
from retake_core.protocol.export_order import Order
from retake_core.protocol.indexing_events import PassName
from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.place import Place
from retake_desktop.engine.translation import in_window_language
from retake_desktop.engine.worker_process import WorkerProcess

SEARCHER_IDLE_MS = 300_000  # it has an encoder and the vectors in memory
ANSWERED_IDLE_MS = 600_000  # after an answer, when it has a model in memory; planning loads none
FOLLOW_UP_MS = 60_000  # after an answer, describing waits so long for a next question
ASKER_DIED = str(
    QT_TRANSLATE_NOOP(
        "engine", "Answering stopped unexpectedly. Ask again; if it stops once more, ask about fewer videos."
    )
)


class EngineClient(QObject):
    """The workers: for indexing, searching, copies to play, questions, exports, following folders and a cluster.

    While a question is answered, indexing waits: the model needs the machine for itself. Describing needs a model,
    too: it waits until no further question comes, and then the other process ends.

    Args:
        worker: the command that runs a worker, without its options.
        data_dir: the library's.
    """

    answered = Signal(object)
    held = Signal()  # other holders pause indexing now

    def __init__(self, worker: Sequence[str], data_dir: DataDir) -> None:
        super().__init__()
        self._ids = itertools.count(1)
        self._questions: set[int] = set()
        self._describing = False  # videos are, or will be when indexing goes on
        self._asked_enough = single_shot(self, FOLLOW_UP_MS)
        self._asked_enough.timeout.connect(self._let_describe)
        options = ["--data-dir", str(data_dir.root), "--worker"]
        self.indexer = WorkerProcess([*worker, *options, "index"], str(data_dir.log), self)
        # Two threads would wait for each other, spinning, while indexing has the cores: five times the time.
        self.searcher = WorkerProcess(
            [*worker, *options, "search"], str(data_dir.log), self, single_thread=True, idle_ms=SEARCHER_IDLE_MS
        )
        self.copier = WorkerProcess([*worker, *options, "proxy"], str(data_dir.log), self)
        self.asker = WorkerProcess([*worker, *options, "ask"], str(data_dir.log), self, ASKER_DIED)
        self.watcher = WorkerProcess([*worker, *options, "watch"], str(data_dir.log), self)
        self.exporter = WorkerProcess([*worker, *options, "export"], str(data_dir.log), self)
        self.cluster = WorkerProcess([*worker, *options, "cluster"], str(data_dir.log), self, idle_ms=0)
        for process in self.workers:
            process.answered.connect(self._pass_on)
        self.asker.answered.connect(self._end_question)
        self.indexer.answered.connect(self._follow_passes)

    @property
    def workers(self) -> tuple[WorkerProcess, ...]:
        """All of them, whether they run or not."""
        return (
            self.indexer,
            self.searcher,
            self.copier,
            self.asker,
            self.watcher,
            self.exporter,
            self.cluster,
        )

    def index(
        self,
        add: Sequence[str] = (),
        folders: Sequence[str] | None = None,
        first: Sequence[int] = (),
        describe: Sequence[int] = (),
    ) -> int:
        """Bring the library up to date. Like all requests, returns the id that the answers carry."""
        scanned = None if folders is None else tuple(folders)
        request = requests.Index(
            id=next(self._ids), add=tuple(add), folders=scanned, first=tuple(first), describe=tuple(describe)
        )
        return self._submit(self.indexer, request)

    def remove_folder(self, folder: str) -> int:
        """Forget a folder."""
        return self._submit(self.indexer, requests.RemoveFolder(id=next(self._ids), folder=folder))

    def reindex(self, video_ids: Sequence[int]) -> int:
        """Forget what is known of videos."""
        return self._submit(self.indexer, requests.Reindex(id=next(self._ids), video_ids=tuple(video_ids)))

    def retry(self, video_ids: Sequence[int] | None) -> int:
        """Try videos that failed once more; None is all of them."""
        ids = None if video_ids is None else tuple(video_ids)
        return self._submit(self.indexer, requests.Retry(id=next(self._ids), video_ids=ids))

    def remove_videos(self, video_ids: Sequence[int]) -> int:
        """Forget videos while their folder stays."""
        return self._submit(self.indexer, requests.RemoveVideos(id=next(self._ids), video_ids=tuple(video_ids)))

    def watch(self, folders: Sequence[str]) -> int:
        """Report changes in folders until it is cancelled."""
        return self._submit(self.watcher, requests.Watch(id=next(self._ids), folders=tuple(folders)))

    def watch_cluster(self, address: str) -> int:
        """Tell what the computers of a cluster offer and do, until it is cancelled."""
        return self._submit(self.cluster, requests.WatchCluster(id=next(self._ids), address=address))

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

    def mark_videos(
        self,
        video_ids: Sequence[int],
        *,
        stars: int | None = None,
        favourite: bool | None = None,
        hidden: bool | None = None,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
    ) -> int:
        """Say something of videos; None leaves it as it is. See `protocol.MarkVideos`."""
        request = requests.MarkVideos(
            id=next(self._ids),
            video_ids=tuple(video_ids),
            stars=stars,
            favourite=favourite,
            hidden=hidden,
            add_tags=tuple(add_tags),
            remove_tags=tuple(remove_tags),
        )
        return self._submit(self.searcher, request)

    def add_note(self, video_ids: Sequence[int], content: str, time: float | None = None) -> int:
        """Write a note about videos, or about a time in each of them."""
        request = requests.AddNote(id=next(self._ids), video_ids=tuple(video_ids), content=content, time=time)
        return self._submit(self.searcher, request)

    def change_note(self, note_id: int, content: str | None) -> int:
        """Write a note anew; None deletes it."""
        return self._submit(
            self.searcher, requests.ChangeNote(id=next(self._ids), note_id=note_id, content=content)
        )

    def describe(self, video_id: int, title: str, summary: str, chapters: str) -> int:
        """Write what a recording is about. See `protocol.Describe`."""
        request = requests.Describe(
            id=next(self._ids), video_id=video_id, title=title, summary=summary, chapters=chapters
        )
        return self._submit(self.searcher, request)

    def keep_position(self, video_ids: Sequence[int], position: float | None) -> int:
        """Remember where watching stopped; None forgets it."""
        request = requests.KeepPosition(id=next(self._ids), video_ids=tuple(video_ids), position=position)
        return self._submit(self.searcher, request)

    def rename_video(self, video_id: int, name: str, path: str | None = None) -> int:
        """Rename a video's file; see `protocol.RenameVideo`."""
        request = requests.RenameVideo(id=next(self._ids), video_id=video_id, name=name, path=path)
        return self._submit(self.searcher, request)

    def still(self, video_id: int, time: float) -> int:
        """Decode one frame."""
        return self._submit(self.searcher, requests.Still(id=next(self._ids), video_id=video_id, time=time))

    def list_sound_tracks(self, video_id: int) -> int:
        """Find out which sound tracks a video has."""
        return self._submit(self.searcher, requests.ListSoundTracks(id=next(self._ids), video_id=video_id))

    def choose_sound_track(self, video_id: int, track: int | None) -> int:
        """Have one of them listened to; see `protocol.ChooseSoundTrack`."""
        request = requests.ChooseSoundTrack(id=next(self._ids), video_id=video_id, track=track)
        return self._submit(self.indexer, request)

    def read_subtitles(self, path: Path) -> int:
        """Read a subtitle file that is not of the library."""
        return self._submit(self.searcher, requests.ReadSubtitles(id=next(self._ids), path=os.fspath(path)))

    def plan(
        self,
        place: Place,
        question: str,
        frames: int,
        keep_ratio: float | None,
        words: bool = True,
        thorough: bool = False,
    ) -> int:
        """Say what a question would take."""
        request = requests.Plan(
            id=next(self._ids),
            question=question,
            video_id=place.video_id,
            video_ids=place.video_ids,
            folder=place.folder,
            frames=frames,
            keep_ratio=keep_ratio,
            words=words,
            thorough=thorough,
        )
        return self._submit(self.asker, request)

    def ask(
        self,
        place: Place,
        question: str,
        frames: int,
        keep_ratio: float | None,
        conversation_id: int | None,
        continues: int | None = None,
        *,
        words: bool = True,
        thorough: bool = False,
    ) -> int:
        """Answer a question, or let the answer of a message of the history go on."""
        request = requests.Ask(
            id=next(self._ids),
            question=question,
            video_id=place.video_id,
            video_ids=place.video_ids,
            folder=place.folder,
            frames=frames,
            keep_ratio=keep_ratio,
            conversation_id=conversation_id,
            continues=continues,
            words=words,
            thorough=thorough,
        )
        self._questions.add(request.id)
        self._asked_enough.stop()
        self.hold_indexing("question", True)
        self.asker.stay(ANSWERED_IDLE_MS)
        return self._submit(self.asker, request)

    @property
    def awaits_follow_up(self) -> bool:
        """Whether describing waits for a next question."""
        return self._asked_enough.isActive()

    def forget_conversations(self, ids: Sequence[int]) -> None:
        """Delete conversations."""
        self._submit(self.asker, requests.ForgetConversations(id=next(self._ids), ids=tuple(ids)))

    def hold_indexing(self, holder: requests.Holder, held: bool) -> None:
        """Pause indexing at the next batch, or resume it. It runs again when its last holder has resumed it."""
        self.indexer.hold(holder, held)
        self.held.emit()

    def prepare(self, video_id: int, short_side: int, failed: requests.Unplayable = "") -> int:
        """Find out how a video can be played; see `protocol.Prepare`."""
        request = requests.Prepare(id=next(self._ids), video_id=video_id, short_side=short_side, failed=failed)
        return self._submit(self.copier, request)

    def export(self, order: Order) -> int:
        """Write something of the library into a file."""
        return self._submit(self.exporter, requests.Export(id=next(self._ids), order=order))

    def keep_copy(self) -> int:
        """Copy the library if that is due."""
        return self._submit(self.exporter, requests.KeepCopy(id=next(self._ids)))

    def back_up(self, file: str, *, memories: bool, faces: bool) -> int:
        """Write a backup."""
        request = requests.Backup(id=next(self._ids), file=file, memories=memories, faces=faces)
        return self._submit(self.exporter, request)

    def name_person(self, person_id: int, name: str) -> int:
        """Call a person by a name."""
        return self._submit(
            self.exporter, people_requests.NamePerson(id=next(self._ids), person_id=person_id, name=name)
        )

    def hide_people(self, person_ids: Sequence[int], *, hidden: bool) -> int:
        """Leave people out of lists, or no longer."""
        request = people_requests.HidePeople(id=next(self._ids), person_ids=tuple(person_ids), hidden=hidden)
        return self._submit(self.exporter, request)

    def merge_people(self, person_id: int, others: Sequence[int]) -> int:
        """Make others one with a person."""
        request = people_requests.MergePeople(id=next(self._ids), person_id=person_id, others=tuple(others))
        return self._submit(self.exporter, request)

    def split_person(self, person: str, video_id: int, time: float) -> int:
        """Say that somebody is not who is seen at a moment; see `protocol.SplitPerson`."""
        request = people_requests.SplitPerson(id=next(self._ids), person=person, video_id=video_id, time=time)
        return self._submit(self.exporter, request)

    def forget_people(self, person_ids: Sequence[int] | None) -> int:
        """Delete people with all their faces; None is everybody."""
        ids = None if person_ids is None else tuple(person_ids)
        return self._submit(self.exporter, people_requests.ForgetPeople(id=next(self._ids), person_ids=ids))

    def restore(self, file: str) -> int:
        """Put a backup in the place of the library."""
        return self._submit(self.exporter, requests.Restore(id=next(self._ids), file=file))

    def move_library(self, folder: str) -> int:
        """Move the library to another folder."""
        return self._submit(self.exporter, requests.MoveLibrary(id=next(self._ids), folder=folder))

    def cancel(self, job_id: int) -> None:
        """Stop a job of any worker."""
        self.indexer.cancel(job_id)
        self.watcher.cancel(job_id)
        self.copier.cancel(job_id)
        self.exporter.cancel(job_id)
        self.cluster.cancel(job_id)
        # A search is short, but the first one loads the encoder: ending the process would load it again.
        self.searcher.cancel(job_id, by_force=False)
        self.asker.cancel(job_id, by_force=job_id in self._questions)

    def close(self) -> None:
        """End the workers, all at the same time."""
        for process in self.workers:
            process.end_input()
        for process in self.workers:
            process.close()

    def _pass_on(self, answer: answers.AnyReply) -> None:
        self.answered.emit(in_window_language(answer))

    def _end_question(self, answer: answers.AnyReply) -> None:
        if not isinstance(answer, answers.JobEvent) and answer.id in self._questions:
            self._questions.discard(answer.id)
            if self._questions:
                return
            if self._describing:
                self._asked_enough.start()
            else:
                self.hold_indexing("question", False)

    def _follow_passes(self, answer: answers.AnyReply) -> None:
        if not isinstance(answer, answers.JobEvent):
            self._describing = False
        elif isinstance(answer.event, indexing_events.PassStarted):
            self._describing = answer.event.name == PassName.DESCRIBE
            if self._describing and not self._questions:
                self.asker.rest()

    def _let_describe(self) -> None:
        if not self._questions:
            self.asker.rest()
            self.hold_indexing("question", False)

    def _submit(self, process: WorkerProcess, request: requests.AnyRequest) -> int:
        process.submit(request)
        return request.id
