"""What the actions that export do: on a moment, on videos, on what a search found, and on an answer."""

from pathlib import Path

from PySide6.QtCore import QObject

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Wanted, What
from retake_core.protocol.question_events import Cited
from retake_core.protocol.search_events import FoundMoment
from retake_desktop.ask.panel import AskPanel
from retake_desktop.common import safe_text, wording
from retake_desktop.common.desktop_files import show_in_file_manager
from retake_desktop.engine.desk import Desk
from retake_desktop.export.dialog import ExportDialog, Subject
from retake_desktop.export.jobs import Exports
from retake_desktop.export.names import suggested_name
from retake_desktop.search.panel import SearchPanel
from retake_desktop.window.video_actions import Target, VideoActions

_OF_VIDEO: tuple[What, ...] = ("sheet", "chapters", "timeline", "transcript")
_OF_VIDEOS: tuple[What, ...] = ("sheet", "timeline")


class ExportActions(QObject):
    """Joins the actions with the dialog, and lives as long as the window."""

    def __init__(
        self, desk: Desk, exports: Exports, videos: VideoActions, search: SearchPanel, ask: AskPanel
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._exports = desk, exports
        self._videos, self._search, self._ask = videos, search, ask
        for name, slot in {
            "export": self._export,
            "export_clip": lambda: self._export_moment(("clip",)),
            "save_frame": lambda: self._export_moment(("frame",)),
            "export_results": self._export_results,
            "export_answer": self._export_answer,
        }.items():
            desk.actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        videos.enabled.connect(self._enable)
        search.searched.connect(lambda _: self._enable())
        ask.cited.connect(self._enable)
        ask.answered.connect(self._enable)
        exports.failed.connect(desk.notice.tell)
        exports.written.connect(self._tell)
        self._enable()

    def moment(self, target: Target) -> Wanted | None:
        """Return the moment that a target means: with its span in the search or the answer, if it is there."""
        if target.video is None or target.time is None:
            return None
        if target.span is not None:
            return Wanted(target.video.id, target.time, *target.span)
        spans: tuple[FoundMoment | Cited, ...] = (*self._search.hits, *self._ask.citations)
        for span in spans:
            if span.video_id == target.video.id and abs(span.time - target.time) < 1e-3:
                return Wanted(span.video_id, span.time, span.start, span.end)
        return Wanted(target.video.id, target.time, target.time, target.time)

    def _enable(self) -> None:
        target = self._videos.target
        there = any(not video.offline for video in target.chosen)
        for name, possible in {
            "export": bool(target.chosen),
            "export_clip": there and target.time is not None,
            "save_frame": there and target.time is not None,
            "export_results": bool(self._search.hits),
            "export_answer": self._answer_id() is not None,
        }.items():
            self._desk.actions[name].setEnabled(possible)

    def _export(self) -> None:
        target = self._videos.target
        if not target.videos:
            return
        ids = tuple(video.id for video in target.videos)
        moment = self.moment(target)
        if moment is not None and target.video is not None:
            self._ask_for(self._of_moment(target.video, moment, ("clip", "frame", *_OF_VIDEO)))
        elif len(ids) == 1:
            name = safe_text.stem(target.videos[0].path)
            title = self.tr("The whole of {name}").format(name=name)
            self._ask_for(Subject(title, suggested_name(name, ""), _OF_VIDEO, video_ids=ids))
        else:
            title = self.tr("The whole of {videos}").format(videos=wording.videos(len(ids)))
            self._ask_for(Subject(title, wording.videos(len(ids)), _OF_VIDEOS, video_ids=ids))

    def _export_moment(self, kinds: tuple[What, ...]) -> None:
        target = self._videos.target
        moment = self.moment(target)
        if moment is not None and target.video is not None:
            self._ask_for(self._of_moment(target.video, moment, kinds))

    def _export_results(self) -> None:
        hits = self._search.hits
        if not hits:
            return
        moments = tuple(Wanted(hit.video_id, hit.time, hit.start, hit.end, hit.snippet) for hit in hits)
        query = self._search.query or self.tr("Similar moments")
        title = self.tr("{count} moments that were found").format(count=wording.number(len(hits)))
        self._ask_for(Subject(title, suggested_name(query, ""), _of_moments(moments), moments))

    def _export_answer(self) -> None:
        message_id = self._answer_id()
        if message_id is None:
            return
        cited = self._ask.citations
        moments = tuple(Wanted(c.video_id, c.time, c.start, c.end) for c in cited)
        exchange = self._ask.dialogue.exchanges[-1]
        question, sentences = exchange.question, (exchange.reason, *exchange.notices)
        kinds: tuple[What, ...] = ("page", *(_of_moments(moments) if moments else ()))
        title = self.tr("The answer to “{question}”").format(question=safe_text.line(question))
        name = suggested_name(question, "")
        self._ask_for(Subject(title, name, kinds, moments, message_id=message_id, sentences=sentences))

    def _answer_id(self) -> int | None:
        """Return the id of the newest answer that is shown; None where there is none, or it is not complete."""
        exchanges = self._ask.dialogue.exchanges
        return None if not exchanges or exchanges[-1].running else exchanges[-1].message_id

    def _of_moment(self, video: VideoEntry, moment: Wanted, kinds: tuple[What, ...]) -> Subject:
        name, at = safe_text.stem(video.path), clock(moment.time)
        if kinds == ("frame",):
            extent = at
        elif moment.end > moment.start:
            at = clock(moment.start)
            extent = f"{clock(moment.start)} – {clock(moment.end)}"
        else:
            extent = self.tr("{time} to the next keyframe").format(time=at)
        file = suggested_name(name, at.replace(":", "."))
        ids = (video.id,) if set(kinds) & set(_OF_VIDEO) else ()
        return Subject(f"{name}  ·  {extent}", file, kinds, (moment,), ids)

    def _ask_for(self, subject: Subject) -> None:
        dialog = ExportDialog(self._desk.window, subject, self._desk.window_state)
        dialog.accepted.connect(lambda: self._exports.start(dialog.order))
        dialog.open()

    def _tell(self, text: str, target: Path) -> None:
        self._desk.notice.offer(text, self.tr("Show in folder"), lambda: show_in_file_manager(target))


def _of_moments(moments: tuple[Wanted, ...]) -> tuple[What, ...]:
    one_video = len({moment.video_id for moment in moments}) == 1
    return ("clip", "sheet", "timeline", "chapters") if one_video else ("clip", "sheet", "timeline")
