"""All of the window that exports: the jobs, their bar, the actions, and moments that can be dragged out."""

from PySide6.QtCore import QObject, QPoint, QPointF, QSettings
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QWidget

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Wanted
from retake_desktop.ask.citation_chip import CitationChip
from retake_desktop.common.notice_bar import NoticeBar
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.export.drag_out import DragOut
from retake_desktop.export.jobs import Exports
from retake_desktop.player.page import VideoPage
from retake_desktop.search.results_model import ResultRow, RowKind, SearchModel
from retake_desktop.window.export_actions import ExportActions
from retake_desktop.window.side_panel import SidePanel
from retake_desktop.window.video_actions import VideoActions

DraggedMoment = tuple[VideoEntry, Wanted, QPixmap | None]


class Exporting(QObject):
    """Joins exports with the rest of the window, and lives as long as it."""

    def __init__(
        self,
        window: QWidget,
        actions: dict[str, QAction],
        exports: Exports,
        background: Background,
        engine: EngineClient,
        thumbnails: Thumbnails,
        notice: NoticeBar,
        videos: VideoActions,
        page: VideoPage,
        side: SidePanel,
        settings: QSettings,
    ) -> None:
        super().__init__(window)
        self._background, self._thumbnails = background, thumbnails
        self._page, self._side = page, side
        self._videos: dict[int, VideoEntry] = {}  # of the moments that answers cite
        self.actions = ExportActions(window, actions, exports, notice, videos, side.search, side.ask, settings)
        self.drag = DragOut(exports, notice, background, engine.data_dir)
        self.drag.watch(page.filmstrip, self._keyframe_at)
        self.drag.watch(side.search.list.viewport(), self._result_at)
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

        self.drag.watch(chip, locate)
        if cited.video_id not in self._videos:
            self._background.run(
                lambda connection: {entry.id: entry for entry in catalog.videos(connection, cited.video_id)},
                self._videos.update,
            )
