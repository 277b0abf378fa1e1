"""Who answers questions: a model on this computer, or one that another computer lends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import torch

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.protocol.question_events import PlanMade, QuestionEvent, QuestionPlan
from retake_core.questions.answering import Questions
from retake_core.questions.question import Question
from retake_core.settings import load_settings
from retake_core.videollm.machine import is_out_of_memory
from retake_core.videollm.model import VideoLLM, choose_model
from retake_core.videollm.precision import Precision

TOO_LARGE = "The memory of this computer ran out. Ask with fewer frames, or close other programs."


@dataclass(frozen=True)
class ModelChoice:
    """Which model is to answer.

    Attributes:
        name: that a question names; it must work.
        setting: that the settings name, which need not be there.
        precision: in which it is to be loaded.
    """

    name: str | None
    setting: str | None
    precision: Precision = "auto"


@dataclass(frozen=True)
class ModelFacts:
    """What a person may know of a model.

    Attributes:
        name: its id or folder.
        note: what its makers say, "" where they say nothing.
        frames: at most so many is it made for.
        computer: the name of the one that lends it; "" is this one.
        alone: why it is this computer's where one of a cluster was wanted; "" where none was, or it is one.
    """

    name: str
    note: str
    frames: int = MAX_FRAMES
    computer: str = ""
    alone: str = ""


class AnswererLostError(UserError):
    """The computer that lends the model is gone; opened anew, it is another one's, if there is one.

    Attributes:
        computer: its name.
    """

    def __init__(self, computer: str) -> None:
        super().__init__(f"{computer} has stopped answering; ask again.")
        self.computer = computer


class Answerer(Protocol):
    """Answers questions with one model at a time."""

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """Open a model, unless it is open; the last one is let go for it.

        Returns:
            What it is; None where the setting's cannot be used, and why, or where none is set.

        Raises:
            UserError: the one that the question names cannot be used.
            Cancelled: a stop was asked for.
        """
        ...

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """Tell what a question would take.

        Raises:
            UserError: it cannot be answered.
            Cancelled: a stop was asked for.
        """
        ...

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """Answer a question, telling what happens, with the open model; see `Questions.answer`."""
        ...

    def let_go(self) -> None:
        """Give the memory that the model takes back; the next question loads it anew."""
        ...


class LocalAnswerer:
    """Answers on this computer.

    Args:
        data_dir: where memories and speeds lie, and the settings that say how memories are kept.
    """

    def __init__(self, data_dir: DataDir) -> None:
        self._data_dir = data_dir
        self._choice: ModelChoice | None = None
        self.model: VideoLLM | None = None

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:  # noqa: ARG002
        """See `Answerer`."""
        reason: str | None = None
        if self.model is None or choice != self._choice:
            self.let_go()
            self.model, self._choice = None, choice
            self.model, reason = choose_model(choice.name, choice.setting, choice.precision)
        model = self.model
        return (None, reason or "") if model is None else (_facts(model), "")

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """See `Answerer`."""
        events = self._questions().answer(question, cancel)
        # A question tells its plan before it needs the model.
        return next(event.plan for event in events if isinstance(event, PlanMade))

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """See `Answerer`."""
        questions = self._questions()
        try:
            yield from questions.answer(question, cancel)
        except Cancelled:
            raise
        except Exception as error:
            questions.model.last.let_go()  # it may have been what left too little room
            if not questions.model.loaded:  # its folder may hold another one by now
                self.model = None
            raise as_user_error(error) from error

    def let_go(self) -> None:
        """See `Answerer`."""
        if self.model is not None:
            self.model.unload()

    def _questions(self) -> Questions:
        assert self.model is not None
        return Questions(self._data_dir, self.model, load_settings(self._data_dir.settings))


def _facts(model: VideoLLM) -> ModelFacts:
    return ModelFacts(model.id.name, model.about.note, model.about.frames)


def as_user_error(error: Exception) -> Exception:
    """Return the one sentence for an error that means too little memory, or the error itself."""
    if isinstance(error, torch.OutOfMemoryError):
        return UserError(
            "The graphics memory ran out. Ask with fewer frames, or close other programs that use it."
        )
    return UserError(TOO_LARGE) if is_out_of_memory(error) else error
