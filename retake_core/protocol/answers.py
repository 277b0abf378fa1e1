"""What a worker says to the window."""

import msgspec

from retake_core.protocol import cluster_events, indexing_events, question_events, search_events
from retake_core.protocol.export_order import Report
from retake_core.protocol.lines import VERSION as VERSION
from retake_core.protocol.lines import decode

AnyEvent = (
    indexing_events.IndexingEvent
    | question_events.QuestionEvent
    | search_events.FoundSoFar
    | cluster_events.ComputersSeen
)
"""What a job can tell while it runs."""


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="answer", tag=True):
    """What a worker says. After any number of `JobEvent`, every job ends with one of the others."""

    id: int
    version: int = VERSION


class JobEvent(Reply, frozen=True, kw_only=True, tag=True):
    """Something happened in a job."""

    event: AnyEvent


class JobDone(Reply, frozen=True, kw_only=True, tag=True):
    """A job is complete."""


class MomentsReady(Reply, frozen=True, kw_only=True, tag=True):
    """A search is complete.

    Attributes:
        hits: the moments, best first.
        switch: set while it could not use the chosen encoder yet.
        unknown: words that the encoder knows nothing of, where nothing but pictures could have answered.
        faceless: whether some of these mean people, whose faces nobody looked for.
    """

    hits: tuple[search_events.FoundMoment, ...]
    switch: indexing_events.Switch | None = None
    unknown: tuple[str, ...] = ()
    faceless: bool = False


class PlanReady(Reply, frozen=True, kw_only=True, tag=True):
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


class StillReady(Reply, frozen=True, kw_only=True, tag=True):
    """A `Still` is complete: the frame's own time, and a JPEG."""

    time: float
    jpeg: bytes


class TrackFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A sound track of a video; see `retake_core.media.ffmpeg.audio_tracks`."""

    number: int
    language: str | None = None
    title: str | None = None
    channels: int = 0
    listened: bool = False


class SoundTracksReady(Reply, frozen=True, kw_only=True, tag=True):
    """A `ListSoundTracks` is complete.

    Attributes:
        tracks: in the order of the file.
        chosen: the number of the one that a person chose, if one did.
    """

    tracks: tuple[TrackFacts, ...]
    chosen: int | None = None


class SubtitleLine(msgspec.Struct, frozen=True):
    """A text that is shown for some seconds."""

    start: float
    end: float
    text: str


class SubtitlesReady(Reply, frozen=True, kw_only=True, tag=True):
    """A `ReadSubtitles` is complete: its lines in order of time, and the language that its name tells."""

    lines: tuple[SubtitleLine, ...]
    language: str | None = None


class CopyReady(Reply, frozen=True, kw_only=True, tag=True):
    """A `Prepare` is complete.

    Attributes:
        frames: a file of 64-bit integers: microseconds at which the video's frames are shown.
        copy: what to play instead of the original, or None.
        shift: seconds by which the copy's frames come earlier than the original's.
    """

    frames: str
    copy: str | None
    shift: float


class ExportDone(Reply, frozen=True, kw_only=True, tag=True):
    """An `Export` is complete."""

    report: Report


class BackupDone(Reply, frozen=True, kw_only=True, tag=True):
    """A `Backup` or a `Restore` is complete: what the file holds."""

    videos: int
    memories: int
    size: int


class JobFailed(Reply, frozen=True, kw_only=True, tag=True):
    """A job could not be done.

    Attributes:
        reason: one sentence for the user.
        defect: whether it is the app's own fault; the log has the rest.
    """

    reason: str
    defect: bool = False


class JobCancelled(Reply, frozen=True, kw_only=True, tag=True):
    """A job was stopped."""


class LineRejected(Reply, frozen=True, kw_only=True, tag=True):
    """A line was not understood; its id is that of the line, or -1."""

    reason: str


AnyReply = (
    JobEvent
    | JobDone
    | MomentsReady
    | PlanReady
    | StillReady
    | SoundTracksReady
    | SubtitlesReady
    | CopyReady
    | ExportDone
    | BackupDone
    | JobFailed
    | JobCancelled
    | LineRejected
)


def decode_answer(line: bytes) -> AnyReply:
    """Read an answer.

    Raises:
        ProtocolError: it is none, or of another version.
    """
    answer: AnyReply = decode(line, AnyReply)
    return answer
