"""Which moment lies under the mouse in the filmstrip, in the results and in an answer: it can be dragged."""

from PySide6.QtCore import QObject, QPoint, QPointF

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Wanted
from retake_desktop.ask.citation_chip import CitationChip
from retake_desktop.engine.desk import Desk
from retake_desktop.export.drag_out import DraggedMoment, DragOut
from retake_desktop.export.jobs import Exports
from retake_desktop.player.page import VideoPage
from retake_desktop.search.results_model import ResultRow, RowKind, SearchModel
from retake_desktop.window.side_panel import SidePanel


class DraggableMoments(QObject):
    """Tells the drags what they begin on, and lives as long as the window."""

    def __init__(self, desk: Desk, exports: Exports, page: VideoPage, side: SidePanel) -> None:
        super().__init__(desk.window)
        self._background, self._thumbnails = desk.background, desk.thumbnails
        self._page, self._side = page, side
        self._videos: dict[int, VideoEntry] = {}  # of the moments that answers cite
        self._drags = DragOut(desk, exports)
        self._drags.watch(page.filmstrip.viewport(), self._keyframe_at)
        self._drags.watch(side.search.list.viewport(), self._result_at)
        side.ask.view.chip_made.connect(self._watch_chip)

    def _keyframe_at(self, point: QPoint) -> DraggedMoment | None:
        entry, video = self._page.filmstrip.keyframe_at(QPointF(point)), self._page.video
        if entry is None or video is None:
            return None
        moment = Wanted(video.id, entry.time, entry.time, entry.time)
        return video, moment, self._thumbnails.pixmap(entry.id)

    def _result_at(self, point: QPoint) -> DraggedMoment | None:
        row: ResultRow | None = self._side.search.list.indexAt(point).data(SearchModel.RESULT)
        if row is None or row.video is None:
            return None
        match row.kind:
            case RowKind.MOMENT if (hit := row.hit) is not None:
                moment = Wanted(hit.video_id, hit.time, hit.start, hit.end)
                return row.video, moment, self._thumbnails.pixmap(hit.keyframe_id)
            case RowKind.COPY if (copy := row.copy) is not None:
                moment = Wanted(copy.video_id, copy.time, copy.time, copy.time)
                return row.video, moment, self._thumbnails.pixmap(copy.keyframe_id)
        return None

    def _watch_chip(self, chip: CitationChip) -> None:
        cited = chip.cited

        def locate(_point: QPoint) -> DraggedMoment | None:
            video = self._videos.get(cited.video_id)
            if video is None:
                return None
            moment = Wanted(cited.video_id, cited.time, cited.start, cited.end)
            picture = None if cited.keyframe_id is None else self._thumbnails.pixmap(cited.keyframe_id)
            return video, moment, picture

        self._drags.watch(chip, locate)
        if cited.video_id not in self._videos:
            self._background.run(
                lambda connection: {entry.id: entry for entry in catalog.videos(connection, cited.video_id)},
                self._videos.update,
            )
