"""What a worker says to the window."""

import msgspec

from retake_core.protocol import indexing_events, question_events, search_events
from retake_core.protocol.export_order import Report
from retake_core.protocol.lines import VERSION as VERSION
from retake_core.protocol.lines import decode


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag_field="answer", tag=True):
    """What a worker says. After any number of `Told`, every job ends with one of the others."""

    id: int
    version: int = VERSION


class Told(Answer, frozen=True, kw_only=True, tag=True):
    """Something happened in a job."""

    event: (
        indexing_events.Scanning
        | indexing_events.Scanned
        | indexing_events.Waiting
        | indexing_events.Freed
        | indexing_events.Switching
        | indexing_events.PassStarted
        | indexing_events.Progress
        | indexing_events.VideoDone
        | indexing_events.VideoFailed
        | indexing_events.VideoDeferred
        | indexing_events.Remarked
        | indexing_events.TextRead
        | indexing_events.Indexed
        | indexing_events.FolderChanged
        | indexing_events.FolderFollowed
        | question_events.QuestionEvent
        | indexing_events.Copying
        | search_events.FoundSoFar
    )


class Done(Answer, frozen=True, kw_only=True, tag=True):
    """A job is complete."""


class Found(Answer, frozen=True, kw_only=True, tag=True):
    """A search is complete: the moments, best first, and whether it could not use the chosen encoder yet."""

    hits: tuple[search_events.Hit, ...]
    switch: indexing_events.Switch | None = None


class PlanReady(Answer, frozen=True, kw_only=True, tag=True):
    """A `Plan` is complete.

    Attributes:
        plan: None where there is nothing to plan: no model, no question yet, or nothing that matches it.
        model: that would answer, None where there is none.
        reason: one sentence that says why there is no plan; "" where the question is still to come.
        note: what the model says of itself; "" if nothing.
    """

    plan: question_events.QuestionPlan | None = None
    model: str | None = None
    reason: str = ""
    note: str = ""


class Picture(Answer, frozen=True, kw_only=True, tag=True):
    """A `Still` is complete: the frame's own time, and a JPEG."""

    time: float
    jpeg: bytes


class Prepared(Answer, frozen=True, kw_only=True, tag=True):
    """A `Prepare` is complete.

    Attributes:
        frames: a file of 64-bit integers: microseconds at which the video's frames are shown.
        copy: what to play instead of the original, or None.
        shift: seconds by which the copy's frames come earlier than the original's.
    """

    frames: str
    copy: str | None
    shift: float


class Exported(Answer, frozen=True, kw_only=True, tag=True):
    """An `Export` is complete."""

    report: Report


class Failed(Answer, frozen=True, kw_only=True, tag=True):
    """A job could not be done.

    Attributes:
        reason: one sentence for the user.
        defect: whether it is the app's own fault; the log has the rest.
    """

    reason: str
    defect: bool = False


class Cancelled(Answer, frozen=True, kw_only=True, tag=True):
    """A job was stopped."""


class Rejected(Answer, frozen=True, kw_only=True, tag=True):
    """A line was not understood; its id is that of the line, or -1."""

    reason: str


AnyAnswer = Told | Done | Found | PlanReady | Picture | Prepared | Exported | Failed | Cancelled | Rejected


def decode_answer(line: bytes) -> AnyAnswer:
    """Read an answer.

    Raises:
        ProtocolError: it is none, or of another version.
    """
    answer: AnyAnswer = decode(line, AnyAnswer)
    return answer
