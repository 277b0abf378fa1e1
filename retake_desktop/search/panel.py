"""Search: a box with its filters, and the moments that match as one types."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.models.catalogue import BUILTIN
from retake_core.protocol.indexing_events import Switch
from retake_core.protocol.search_events import FoundMoment
from retake_core.search.query import Term, parse
from retake_desktop.common import safe_text, wording
from retake_desktop.common.dragged_pictures import DroppedMoment, DroppedPicture, dropped_likeness
from retake_desktop.common.theme import icon, theme
from retake_desktop.common.widgets import muted_label, single_shot
from retake_desktop.engine.desk import Desk
from retake_desktop.search import filter_words
from retake_desktop.search.box import SearchBox
from retake_desktop.search.filter_chips import ChipItem, ChipRow
from retake_desktop.search.filter_menu import FilterMenu
from retake_desktop.search.nothing_found import better_encoder, is_about_content, nothing_found, unknown_words
from retake_desktop.search.picture_chip import PictureChip
from retake_desktop.search.query_text import Vocabulary, with_filter, without
from retake_desktop.search.results_list import ResultList
from retake_desktop.search.run import Findings, Question, SearchRun
from retake_desktop.search.saved import SavedSearches
from retake_desktop.search.start_page import SearchStart
from retake_desktop.search.vocabulary import read_vocabulary

COMPLAIN_MS = 700  # after the last key: a filter that is still being typed is not wrong yet
THIS_VIDEO = "this video"


class SearchPanel(QWidget):
    """The box, its chips, and below either the results, or a note, or how to begin."""

    chosen = Signal(object, float, bool)  # VideoEntry, seconds, whether to play
    searched = Signal(object)  # the hits
    stepped = Signal(int)  # to the next (1) or previous (-1) match in the open video
    menu_wanted = Signal(QPoint, object, float)  # on the screen, for a moment: VideoEntry, seconds
    model_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._background, self._actions, self._store = desk.background, desk.actions, desk.store
        self._video: VideoEntry | None = None
        self._only_video = False
        self.hits: tuple[FoundMoment, ...] = ()
        self.run = SearchRun(desk.background, desk.engine)
        self.searches = SavedSearches(desk)
        self.box = SearchBox()
        self.chip = PictureChip(desk.background, desk.thumbnails)
        self.filters = FilterMenu(self, desk.actions["find_by_picture"])
        self.saved = QMenu(self)
        self.chips = ChipRow()
        self.problem = muted_label()
        self.switch = muted_label()
        self.unknown = muted_label()
        self.count = muted_label()
        self.note = muted_label()
        self.start = SearchStart(self.searches)
        self.list = ResultList(desk.thumbnails)
        self.weaker = QPushButton(self.tr("Show weaker matches"))
        self.everywhere = QPushButton(self.tr("Search the whole library"))
        self.better = QPushButton(self.tr("See models for search…"))
        self._below = QStackedWidget()
        self._buttons: dict[QToolButton, str] = {}
        self._complaining = single_shot(self, COMPLAIN_MS)
        self._build()
        self._connect()
        self._show_filters()
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def query(self) -> str:
        """What is typed."""
        return self.box.text().strip()

    @property
    def only_video(self) -> bool:
        """Whether only the open video is searched."""
        return self._only_video and self._video is not None

    def set_video(self, video: VideoEntry | None) -> None:
        """Say which video is open."""
        was = self._video.id if self._video is not None and self._only_video else None
        self._video = video
        if video is None:
            self._only_video = False
        self._show_filters()
        if was != (video.id if video is not None and self._only_video else None):
            self.search()

    def search_in_video(self, only: bool) -> None:
        """Search only in the open video, or everywhere."""
        only = only and self._video is not None
        if only != self._only_video:
            self._only_video = only
            self._show_filters()
            self.search()

    def focus(self) -> None:
        """Let the user type."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def open_query(self, query: str) -> None:
        """Search for something that was kept."""
        self.chip.leave()
        self.box.setText(query)
        self.run.hurry()
        self.box.setFocus()

    def show_similar(self, video: VideoEntry, time: float) -> None:
        """Search for what looks like the keyframe at a time, until it is removed."""
        self._only_video = False
        self.box.blockSignals(True)
        self.box.clear()
        self.box.blockSignals(False)
        self._show_filters()
        self.chip.show_moment(video, time)
        self.search()

    def search_by(self, likeness: DroppedPicture) -> None:
        """Search for what looks like a picture or a keyframe; words and filters stay."""
        match likeness:
            case DroppedMoment():
                self._background.run(
                    lambda connection: catalog.videos(connection, likeness.video_id),
                    lambda found: self._search_by_moment(found, likeness.time),
                    key="dropped moment",
                )
            case Path():
                self.chip.show_picture(likeness)
                self.search()
            case QImage():
                self.chip.show_image(likeness)  # it is searched for as soon as it is a file

    def search(self, *, at_once: bool = True) -> None:
        """Search for what the box and the chips say."""
        like = None if self.chip.moment is None else (self.chip.moment[0].id, self.chip.moment[1])
        video_id = self._video.id if self._video is not None and self._only_video else None
        # The space at the end stays: it says that the last word is complete.
        query = self.box.text() if self.query else ""
        self.box.has_more = self.chip.active
        self.run.ask(Question(query, video_id, like, self.chip.picture), at_once=at_once)
        self.weaker.hide()
        self.everywhere.hide()
        self.better.hide()
        if self.run.busy and not self.list.results.rows:
            self._say(self.tr("Searching…"))

    def _build(self) -> None:
        for label in (self.switch, self.unknown):
            label.setWordWrap(True)
            label.hide()
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.note.setContentsMargins(20, 24, 20, 0)
        self.problem.setObjectName("danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        for text, symbol, menu in (
            (self.tr("Filters"), "filter-variant", self.filters),
            (self.tr("Saved"), "bookmark-outline", self.saved),
        ):
            tool = QToolButton()
            tool.setText(text)
            tool.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            tool.setMenu(menu)
            self._buttons[tool] = symbol
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for tool in self._buttons:
            tools.addWidget(tool)
        tools.addStretch()
        tools.addWidget(self.count)
        top = QVBoxLayout()
        top.setContentsMargins(16, 4, 16, 6)
        top.setSpacing(6)
        top.addWidget(self.box)
        top.addLayout(tools)
        for widget in (self.chip, self.chips, self.problem, self.switch, self.unknown):
            top.addWidget(widget)
        for place in (self.start, self.note, self.list):
            self._below.addWidget(place)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 6, 16, 10)
        foot.setSpacing(6)
        for button in (self.better, self.weaker, self.everywhere):
            foot.addWidget(button)
            button.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._below, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.box.textChanged.connect(self._typed)
        self.box.entered.connect(self._enter)
        self.box.left_down.connect(self.list.enter)
        self.box.emptied.connect(self._empty)
        self.box.erased_before.connect(self._remove_last)
        self.box.likeness_given.connect(self.search_by)
        self.box.focused.connect(self.make_ready)
        self.filters.aboutToShow.connect(self.learn)
        self.chip.closed.connect(self.search)
        self.chip.ready.connect(self.search)
        self.chips.removed.connect(self._remove)
        self.filters.chosen.connect(self._add_filter)
        self.filters.this_video_toggled.connect(self.search_in_video)
        self.saved.aboutToShow.connect(self._fill_saved)
        self.start.chosen.connect(self.open_query)
        self.list.chosen.connect(self._choose)
        self.list.menu_wanted.connect(self.menu_wanted)
        self.weaker.clicked.connect(self._show_weaker)
        self.everywhere.clicked.connect(lambda: self._remove(THIS_VIDEO))
        self.better.clicked.connect(self.model_wanted)
        self.run.found.connect(self._show)
        self.run.failed.connect(self._fail)
        self.run.switching.connect(self._show_switch)
        self._complaining.timeout.connect(self._complain)

    def _typed(self) -> None:
        self._show_filters()
        self.search(at_once=False)

    def _show_filters(self) -> None:
        """Show the chips of what is typed, and what is wrong with it."""
        query = parse(self.box.text())
        items = [ChipItem(term, filter_words.symbol(term), filter_words.describe(term)) for term in query.chips]
        if self.only_video:
            items.insert(0, ChipItem(THIS_VIDEO, "filmstrip", self.tr("Only in this video")))
        self.chips.show_items(items)
        self.filters.set_video(possible=self._video is not None, checked=self.only_video)
        self._actions["save_search"].setEnabled(bool(self.query))
        if not filter_words.complaints(query):
            self._complaining.stop()
            self._complain()
        else:
            self._complaining.start()

    def _complain(self) -> None:
        complaints = filter_words.complaints(parse(self.box.text()))
        self.problem.setText("\n".join(complaints))
        self.problem.setVisible(bool(complaints))

    def _remove(self, key: Term | str) -> None:
        if key == THIS_VIDEO:
            self.search_in_video(False)
        elif isinstance(key, Term):
            # Terms are equal wherever they stand: the text may have changed before this one.
            term = next((term for term in parse(self.box.text()).terms if term == key), None)
            if term is not None:
                self.box.setText(without(self.box.text(), term.span))
                self.run.hurry()
        self.box.setFocus()

    def _remove_last(self) -> None:
        """Let Backspace at the beginning of the text remove the picture or the limit to this video."""
        if self.chip.active:
            self.chip.leave()
        elif self.only_video:
            self.search_in_video(False)

    def _add_filter(self, term: Term) -> None:
        self.box.setText(with_filter(self.box.text(), term))
        self.run.hurry()
        self.box.setFocus()

    def _show_switch(self, switch: Switch | None) -> None:
        """Tell how far a change to another encoder has come."""
        self.switch.setText("" if switch is None else wording.switch(switch))
        self.switch.setVisible(switch is not None)

    def _empty(self) -> None:
        self.chip.leave()
        self.box.clear()
        self.run.hurry()

    def _enter(self, backward: bool) -> None:
        if self.run.waiting:
            self.run.hurry()
        elif self.only_video and self.hits:
            self.stepped.emit(-1 if backward else 1)
        elif self.list.results.rows:
            self.list.choose_best()

    def _choose(self, video: VideoEntry, time: float, play: bool) -> None:
        self.searches.remember(self.query)
        self.chosen.emit(video, time, play)

    def make_ready(self) -> None:
        """Load what searching needs, before the first letter is typed."""
        self.run.warm_up()
        self.learn()

    def learn(self) -> None:
        """Read what filters can name: folders, years, tags."""
        self._background.run(read_vocabulary, self._know, key="vocabulary")

    def _know(self, found: Vocabulary) -> None:
        self.box.vocabulary = found
        self.filters.know(found)

    def _search_by_moment(self, found: list[VideoEntry], time: float) -> None:
        if found:
            self.chip.show_moment(found[0], time)
            self.search()

    def _fill_saved(self) -> None:
        self.saved.clear()
        self.saved.addAction(self._actions["save_search"])
        if self.searches.saved:
            self.saved.addSeparator()
        for entry in self.searches.saved:
            action = self.saved.addAction(icon("bookmark-outline"), safe_text.line(entry.name).replace("&", "&&"))
            action.triggered.connect(lambda _=False, query=entry.query: self.open_query(query))

    def _show_weaker(self) -> None:
        self.weaker.hide()
        self.box.setFocus()
        self.run.ask_for_weaker()

    def _fail(self, reason: str) -> None:
        self._show(Findings(Question()))
        self._say(reason)

    def _show(self, findings: Findings) -> None:
        self.hits = findings.hits
        self.list.show_findings(findings)
        question, found = findings.question, bool(self.list.results.rows)
        about_content = is_about_content(parse(question.query))
        knows_little = findings.complete and not found and about_content and self._knows_little
        if question.is_empty:
            self._say("")
        elif found:
            self._below.setCurrentWidget(self.list)
        elif findings.complete:
            text = nothing_found(findings, only_video=self.only_video)
            self._say(f"{text}\n\n{better_encoder()}" if knows_little else text)
        self._tell_unknown(findings)
        self.better.setVisible(knows_little)
        can_be_weaker = question.like is None and (about_content or question.picture is not None)
        self.weaker.setVisible(findings.complete and not findings.weaker and can_be_weaker)
        self.everywhere.setVisible(findings.complete and self.only_video and not found and not question.is_empty)
        self.count.setText(wording.moments(len(findings.hits)) if found else "")
        self.searched.emit(findings.hits)

    def _tell_unknown(self, findings: Findings) -> None:
        """Say which words of the query played no part."""
        self.unknown.setText(unknown_words(findings.unknown, faceless=findings.faceless))
        self.unknown.setVisible(bool(findings.unknown))

    @property
    def _knows_little(self) -> bool:
        """Whether pictures are compared with words by the built-in encoder."""
        return self._store.settings.encoder == BUILTIN

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self._below.setCurrentWidget(self.note if text else self.start)

    def _dress(self) -> None:
        for button, symbol in self._buttons.items():
            button.setIcon(icon(symbol))
        self.weaker.setIcon(icon("chevron-down"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take pictures and keyframes."""
        if dropped_likeness(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Search for what was dropped."""
        given = dropped_likeness(event.mimeData())
        if given is not None:
            event.acceptProposedAction()
            self.search_by(given)
