"""Asking: what is asked about, what it takes, the conversation, and the box to type in."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from retake_core.library import catalog
from retake_core.library.catalog import VideoEntry
from retake_core.library.history import Conversation, StoredMessage, conversations, messages
from retake_core.protocol.question_events import Cited
from retake_desktop.ask import wording
from retake_desktop.ask.asker import Asker
from retake_desktop.ask.dialogue_view import DialogueView
from retake_desktop.ask.exchange import Dialogue, Exchange
from retake_desktop.ask.history_list import HistoryList
from retake_desktop.ask.plan_bar import PlanBar
from retake_desktop.ask.question_box import QuestionBox
from retake_desktop.ask.scope import Scope
from retake_desktop.common import safe_text
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.theme import icon, icon_size, theme
from retake_desktop.common.wording import number, without_mnemonic
from retake_desktop.engine.desk import Desk
from retake_desktop.engine.place import Place


class AskPanel(QWidget):
    """Shows one conversation; another one may run meanwhile, and is there when the user comes back."""

    chosen = Signal(int, float)  # video id, seconds
    cited = Signal()  # `citations` has changed
    answered = Signal()  # an answer is complete, and its video may be remembered now
    deleted = Signal(object, object)  # Conversations that go, and what brings them back
    model_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._background, self._actions, self._store = desk.background, desk.actions, desk.store
        self._dialogues: dict[Place, Dialogue] = {}
        self._hidden: set[int] = set()  # conversations that are being deleted; undo may bring them back
        self._names: dict[int, str] = {}
        self.asker = Asker(desk.engine)
        self.scope = Scope()
        self.view = DialogueView(desk.thumbnails)
        self.history = HistoryList(desk.actions)
        self.plan = PlanBar()
        self.box = QuestionBox()
        self.choose_model = QPushButton(self.tr("Choose a model…"))
        self._middle = QStackedWidget()
        self.send_button = QToolButton()
        self._build()
        self._connect()

    @property
    def place(self) -> Place:
        """What a question is about now."""
        return self.scope.place

    @property
    def dialogue(self) -> Dialogue:
        """The conversation that is shown."""
        return self._dialogues.setdefault(self.place, Dialogue(self.place))

    @property
    def citations(self) -> tuple[Cited, ...]:
        """What the newest answer of the conversation rests on."""
        exchanges = self.dialogue.exchanges
        return exchanges[-1].citations if exchanges else ()

    def set_places(self, folder: Path | None, video: VideoEntry | None) -> None:
        """Say what "this folder" and "this video" mean now."""
        # A conversation about the library stays; else the user wants to ask about the video that was opened.
        if self.scope.set_places(folder, video, stay=bool(self.dialogue.exchanges)):
            self._show_place()

    def ask_about(self, ids: Sequence[int]) -> None:
        """Ask about exactly these videos, two or more."""
        self.scope.choose_videos(ids)
        self._actions["conversation_history"].setChecked(False)
        self._show_place()

    def focus(self) -> None:
        """Let the user type."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def send(self) -> None:
        """Ask what is in the box."""
        question = self.box.toPlainText().strip()
        if not question or self.asker.running is not None:
            return
        self.box.clear()
        self._ask(question)

    def _ask(self, question: str) -> None:
        self._middle.setCurrentWidget(self.view)
        self.view.add(self.asker.ask(self.dialogue, question))
        self._show_state()

    def _retry(self, exchange: Exchange) -> None:
        """Ask once more what got no complete answer; what is in the box stays."""
        if self.asker.running is None:
            self._ask(exchange.question)

    def _go_on(self, exchange: Exchange) -> None:
        """Let an answer that was cut go on; what is in the box stays."""
        if self.asker.running is None:
            self.asker.go_on(self.dialogue, exchange)
            self._follow(exchange)
            self._show_state()

    def begin_anew(self) -> None:
        """Begin another conversation about the same."""
        self._dialogues[self.place] = Dialogue(self.place)
        self._show_place()
        self.focus()

    def show_history(self, shown: bool) -> None:
        """Show the earlier conversations instead of the present one, or go back."""
        self._middle.setCurrentWidget(self.history if shown else self.view)
        if shown:
            self._read_history()
            self.history.list.setFocus()

    def copy_answer(self) -> bool:
        """Put the newest answer with its times on the clipboard."""
        done = [exchange for exchange in self.dialogue.exchanges if not exchange.running]
        if not done:
            return False
        QGuiApplication.clipboard().setText(wording.as_text(done[-1], self._names))
        return True

    def delete(self, *, everything: bool = False) -> None:
        """Delete the selected conversation of the history, else the one that is shown, or all of this place."""
        current = self._current
        gone = list(self.history.model.rows) if everything else [] if current is None else [current]
        ids = {conversation.id for conversation in gone}
        if not gone or (self.asker.running is not None and self.asker.running[0].id in ids):
            return
        self._hidden |= ids
        place, before = self.place, self.dialogue
        if before.id in ids:
            self._dialogues[place] = Dialogue(place)
        self._show_place()

        def restore() -> None:
            self._hidden -= ids
            if before.id in ids:
                self._dialogues[place] = before
            self._show_place()

        self.deleted.emit(gone, restore)

    @property
    def _current(self) -> Conversation | None:
        """The selected conversation of the history, else the one that is shown, if it is kept."""
        if self._middle.currentWidget() is self.history and self.history.current is not None:
            return self.history.current
        if self.dialogue.id is None:
            return None
        return Conversation(self.dialogue.id, self.dialogue.exchanges[0].question, 0.0, 1)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Plan as soon as somebody looks."""
        super().showEvent(event)
        self._want_plan(at_once=True)  # which also gets the worker ready

    def replan(self) -> None:
        """Plan again, as after the model was changed."""
        self._want_plan()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 4, 12, 8)
        top.setSpacing(2)
        top.addWidget(self.scope, 1)
        top.addWidget(self.scope.leave)
        top.addSpacing(4)
        for name in ("conversation_history", "new_conversation"):
            button = QToolButton()
            button.setDefaultAction(self._actions[name])
            button.setAccessibleName(without_mnemonic(self._actions[name].text()))
            top.addWidget(button)
        self._middle.addWidget(self.view)
        self._middle.addWidget(self.history)
        self.box.setPlaceholderText(self.tr("Ask a question"))
        self.box.setAccessibleName(self.tr("Question"))
        self.send_button.setObjectName("primarytool")
        self.send_button.setIconSize(icon_size(20))
        entry = QHBoxLayout()
        entry.setSpacing(6)
        entry.addWidget(self.box, 1)
        entry.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignBottom)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(16, 8, 12, 14)
        bottom.setSpacing(8)
        bottom.addWidget(self.plan)
        bottom.addWidget(self.choose_model, 0, Qt.AlignmentFlag.AlignLeft)
        bottom.addLayout(entry)
        self.choose_model.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._middle, 1)
        layout.addLayout(bottom)
        self._show_place()

    def _connect(self) -> None:
        self.scope.currentIndexChanged.connect(lambda _: self._show_place())
        self.box.sent.connect(self.send)
        self.box.textChanged.connect(self._text_changed)
        self.view.chosen.connect(self.chosen)
        self.view.retry_wanted.connect(self._retry)
        self.view.more_wanted.connect(self._go_on)
        self.send_button.clicked.connect(self._send_or_stop)
        theme.changed.connect(self._show_state)
        for name in ("send_question", "stop_answer"):
            self._actions[name].changed.connect(self._show_send_button)
        self.choose_model.clicked.connect(self.model_wanted)
        self.plan.changed.connect(self.asker.set_wishes)
        self.history.chosen.connect(self._reopen)
        self.history.list.selectionModel().currentChanged.connect(self._show_deletable)
        self._middle.currentChanged.connect(self._show_deletable)
        self.asker.planned.connect(self._show_plan)
        self.asker.changed.connect(self._follow)
        self.asker.ended.connect(lambda _: self._end())

    def _show_place(self) -> None:
        self.view.show_dialogue(self.dialogue, self._hint())
        if self._middle.currentWidget() is self.history:
            self._read_history()
        self._name_videos()
        self._show_state()
        self._want_plan()
        self.cited.emit()

    def _hint(self) -> str:
        if self.place.video_id is not None:
            return self.tr(
                "Ask what happens in this video, when it happens, and who or what can be seen.\n\n"
                "The answer shows the moments that it is based on."
            )
        return self.tr(
            "Ask about anything that can be seen in these videos.\n\n"
            "The model looks at the moments that match best, and the answer shows them."
        )

    def _text_changed(self) -> None:
        self._show_state()
        if self.place.video_id is None:
            self._want_plan()

    def _want_plan(self, *, at_once: bool = False) -> None:
        if self.isVisible():
            self.asker.want_plan(self.place, self.box.toPlainText().strip(), at_once=at_once)

    def _show_plan(self) -> None:
        ready, text, tip = self.asker.plan, self.asker.plan_failure, ""
        no_model = ready.model is None if ready is not None else self._store.settings.model is None
        if ready is not None and ready.plan is not None:
            text, tip = wording.plan(ready.plan), wording.more(ready.plan)
        elif ready is not None:
            text = ready.reason or self.tr("What it takes is shown when there is a question.")
        elif not text and self.asker.running is None:
            text = self._known_at_once(no_model)
        if ready is not None and ready.note:
            text += f"\n{translated(ready.note)}"
        self.plan.tell(text, tip)
        self.plan.button.setVisible(not no_model)
        self.choose_model.setVisible(no_model)

    def _known_at_once(self, no_model: bool) -> str:
        """Say what can be said before the worker has planned."""
        if no_model:
            return self.tr(
                "No model for questions is chosen, so you get the moments to look at, without an answer in words."
            )
        model = wording.model_title(self._store.settings.model or "")
        if self.place.video_id is None and not self.box.toPlainText().strip():
            return self.tr("{model} answers. What it takes is shown when there is a question.").format(model=model)
        most = number(self.asker.frames)
        return self.tr(
            "{model} answers, and looks at {count} moments at most. Working out how long it takes…"
        ).format(model=model, count=most)

    def _show_send_button(self) -> None:
        running = self.asker.running is not None
        action = self._actions["stop_answer" if running else "send_question"]
        self.send_button.setIcon(icon("stop" if running else "arrow-up", theme.colours.on_accent))
        self.send_button.setToolTip(action.toolTip())
        self.send_button.setAccessibleName(without_mnemonic(action.text()))

    def _show_state(self) -> None:
        running = self.asker.running is not None
        can_send = not running and bool(self.box.toPlainText().strip())
        self._show_send_button()
        self.view.set_can_ask(not running)
        self.send_button.setEnabled(running or can_send)
        self._actions["stop_answer"].setEnabled(running)
        self._actions["send_question"].setEnabled(can_send)
        self._actions["copy_answer"].setEnabled(any(not e.running for e in self.dialogue.exchanges))
        self._actions["new_conversation"].setEnabled(bool(self.dialogue.exchanges))
        self._show_deletable()

    def _show_deletable(self) -> None:
        self._actions["delete_conversation"].setEnabled(self._current is not None)

    def _follow(self, exchange: Exchange) -> None:
        self.view.update_exchange(exchange)
        if (exchange.citations or exchange.lines) and exchange in self.dialogue.exchanges:
            self._name_videos()
            self.cited.emit()

    def _end(self) -> None:
        self._show_state()
        self.answered.emit()

    def _send_or_stop(self) -> None:
        if self.asker.running is not None:
            self.asker.stop()
        else:
            self.send()

    def _read_history(self) -> None:
        place = self.place
        inside = None if place.folder is None else Path(place.folder)

        def show(rows: list[Conversation]) -> None:
            if place == self.place:
                self.history.show_rows([row for row in rows if row.id not in self._hidden])
                self._show_deletable()

        self._background.run(
            lambda connection: conversations(connection, video_id=place.video_id, inside=inside),
            show,
            key="conversations",
        )

    def _reopen(self, conversation: Conversation) -> None:
        if conversation.video_ids:
            self.scope.choose_videos(conversation.video_ids)
        elif self.place.video_ids:
            self.scope.leave_videos()
        place = self.place
        running = self.asker.running
        if running is not None and running[0].id == conversation.id:
            self._reopened(running[0])
            return

        def show(rows: list[StoredMessage]) -> None:
            if place == self.place:
                self._reopened(Dialogue(place, conversation.id, [Exchange.of(row) for row in rows]))

        self._background.run(lambda connection: messages(connection, conversation.id), show, key="messages")

    def _reopened(self, dialogue: Dialogue) -> None:
        self._dialogues[dialogue.place] = dialogue
        self._actions["conversation_history"].setChecked(False)
        self._show_place()
        self.focus()

    def _name_videos(self) -> None:
        """Name the videos of citations where there may be several."""
        exchanges = self.dialogue.exchanges
        video_ids = {cited.video_id for e in exchanges for cited in e.citations}
        video_ids |= {line.video_id for e in exchanges for line in e.lines}
        missing = video_ids - self._names.keys()
        if missing:
            self._background.run(
                lambda connection: {
                    e.id: safe_text.stem(e.path) for i in missing for e in catalog.videos(connection, i)
                },
                self._learn_names,
            )
        self.view.set_names({} if self.place.video_id is not None else self._names)

    def _learn_names(self, names: dict[int, str]) -> None:
        self._names |= names
        self.view.set_names({} if self.place.video_id is not None else self._names)
