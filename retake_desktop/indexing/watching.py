"""Following the library's folders while the window is open."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from retake_core.protocol import answers, indexing_events
from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.client import EngineClient

GATHER_MS = 1000  # changes of several folders become one
AGAIN_MS = 5000  # until a worker that died is started again


class Watching(QObject):
    """Lets a worker watch the folders: a network drive may never answer whoever asks it."""

    changed = Signal(object)  # list[Path]: folders that are not as the library knows them
    states_changed = Signal()

    def __init__(self, engine: EngineClient) -> None:
        super().__init__()
        self._engine = engine
        self._started = False
        self._job = 0
        self._folders: tuple[Path, ...] = ()
        self._changed: dict[Path, None] = {}
        self.states: dict[Path, str] = {}
        self._gather = single_shot(self, GATHER_MS)
        self._gather.timeout.connect(self._tell)
        self._again = single_shot(self, AGAIN_MS)
        self._again.timeout.connect(self._submit)
        engine.answered.connect(self._take)

    def start(self) -> None:
        """Begin; before, `follow` only remembers."""
        self._started = True
        self._submit()

    def follow(self, folders: Iterable[Path]) -> None:
        """Follow these folders and single files from now on."""
        folders = tuple(folders)
        if folders != self._folders:
            self._folders = folders
            self.states = {path: state for path, state in self.states.items() if path in folders}
            self._submit()

    def _submit(self) -> None:
        if not self._started:
            return
        if self._job:
            self._engine.cancel(self._job)
        self._job = self._engine.watch([os.fspath(path) for path in self._folders]) if self._folders else 0

    def _take(self, answer: answers.AnyReply) -> None:
        if answer.id != self._job:
            return
        match answer:
            case answers.JobEvent(event=indexing_events.FolderFollowed() as event):
                self.states[Path(event.path)] = event.state
                self.states_changed.emit()
            case answers.JobEvent(event=indexing_events.FolderChanged() as event):
                self._changed[Path(event.path)] = None
                if not self._gather.isActive():
                    self._gather.start()
            case answers.JobFailed():
                self._job = 0
                self._again.start()

    def _tell(self) -> None:
        changed, self._changed = list(self._changed), {}
        self.changed.emit(changed)
