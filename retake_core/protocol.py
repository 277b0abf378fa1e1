"""What the window and its workers say to each other: one JSON document a line, versioned.

Imports no part of the engine that loads torch, so that the window can speak it too.
"""

import json
from typing import Any, Literal

import msgspec

from retake_core import jobs

VERSION = 1
MAX_LINE = 1 << 24  # bytes; nothing that is said, pictures included, comes near it

Holder = Literal["user", "question"]
"""Who holds indexing up: the user, or a question that needs the machine for itself."""


class ProtocolError(Exception):
    """A line that is no message of this version. Its text says why."""


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="request", tag=True):
    """What the window asks for. The answers carry the same id."""

    id: int
    version: int = VERSION


class Index(Request, frozen=True, kw_only=True, tag=True):
    """Bring the library up to date with its folders.

    Attributes:
        add: paths of folders and single files that join the library.
        folders: of the library, to look for changes in; None is all of them.
        first: ids of videos that go through all passes before the others.
    """

    add: tuple[str, ...] = ()
    folders: tuple[str, ...] | None = None
    first: tuple[int, ...] = ()


class RemoveFolder(Request, frozen=True, kw_only=True, tag=True):
    """Forget a folder and the videos that are nowhere else; no file is touched."""

    folder: str


class Reindex(Request, frozen=True, kw_only=True, tag=True):
    """Forget what is known of videos, so that the next `Index` looks at them anew."""

    video_ids: tuple[int, ...]


class Retry(Request, frozen=True, kw_only=True, tag=True):
    """Let the next `Index` try videos that failed once more; None is all of them."""

    video_ids: tuple[int, ...] | None = None


class RemoveVideos(Request, frozen=True, kw_only=True, tag=True):
    """Forget videos, and do not take them in again while their folder stays; no file is touched."""

    video_ids: tuple[int, ...]


class Watch(Request, frozen=True, kw_only=True, tag=True):
    """Tell of changes in folders and single files of the library, until it is cancelled."""

    folders: tuple[str, ...]


class Search(Request, frozen=True, kw_only=True, tag=True):
    """Find moments by description, everywhere or in one folder or video."""

    query: str
    limit: int = 50
    folder: str | None = None
    video_id: int | None = None


class Similar(Request, frozen=True, kw_only=True, tag=True):
    """Find moments that look like the keyframe at a time of a video, everywhere or in one folder or video."""

    like: int
    time: float
    limit: int = 50
    folder: str | None = None
    video_id: int | None = None


class Still(Request, frozen=True, kw_only=True, tag=True):
    """Decode the frame that is on screen at a time, for files that the window's player cannot seek in."""

    video_id: int
    time: float


class Cancel(Request, frozen=True, kw_only=True, tag=True):
    """Stop the job of this id; it answers with `Cancelled`, or with `Done` if it was faster."""


class Pause(Request, frozen=True, kw_only=True, tag=True):
    """Hold indexing up, at the next batch, until the same holder resumes it; this is not answered."""

    holder: Holder


class Resume(Request, frozen=True, kw_only=True, tag=True):
    """Let indexing go on as far as this holder is concerned; this is not answered."""

    holder: Holder


AnyRequest = (
    Index
    | RemoveFolder
    | Reindex
    | Retry
    | RemoveVideos
    | Watch
    | Search
    | Similar
    | Still
    | Cancel
    | Pause
    | Resume
)


class Hit(msgspec.Struct, frozen=True):
    """A moment that was found: its span and best keyframe in seconds, and the confidence 0..1."""

    video_id: int
    keyframe_id: int
    time: float
    start: float
    end: float
    score: float


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag_field="answer", tag=True):
    """What a worker says. After any number of `Told`, every job ends with one of the others."""

    id: int
    version: int = VERSION


class Told(Answer, frozen=True, kw_only=True, tag=True):
    """Something happened in a job."""

    event: (
        jobs.Scanned
        | jobs.PassStarted
        | jobs.Progress
        | jobs.VideoDone
        | jobs.VideoFailed
        | jobs.VideoDeferred
        | jobs.Indexed
        | jobs.FolderChanged
        | jobs.FolderFollowed
    )


class Done(Answer, frozen=True, kw_only=True, tag=True):
    """A job is complete."""


class Found(Answer, frozen=True, kw_only=True, tag=True):
    """A search is complete: the moments, best first."""

    hits: tuple[Hit, ...]


class Picture(Answer, frozen=True, kw_only=True, tag=True):
    """A `Still` is complete: the frame's own time, and a JPEG."""

    time: float
    jpeg: bytes


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


AnyAnswer = Told | Done | Found | Picture | Failed | Cancelled | Rejected


def encode(message: Request | Answer) -> bytes:
    """Return a message as a line."""
    # Not msgspec's own writer: it refuses the surrogates that stand for odd bytes in file names.
    return json.dumps(msgspec.to_builtins(message), separators=(",", ":")).encode("ascii") + b"\n"


def decode_request(line: bytes) -> AnyRequest:
    """Read a request.

    Raises:
        ProtocolError: it is none, or of another version.
    """
    request: AnyRequest = _decode(line, AnyRequest)
    return request


def decode_answer(line: bytes) -> AnyAnswer:
    """Read an answer.

    Raises:
        ProtocolError: it is none, or of another version.
    """
    answer: AnyAnswer = _decode(line, AnyAnswer)
    return answer


def line_id(line: bytes) -> int:
    """Return the id that a line gives itself, or -1."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return -1
    number = document.get("id") if isinstance(document, dict) else None
    return number if type(number) is int else -1


def _decode(line: bytes, kind: Any) -> Any:
    if len(line) > MAX_LINE:
        raise ProtocolError(f"The line is longer than {MAX_LINE} bytes.")
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("The line is not JSON.") from error
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise ProtocolError(f"Version {version} of the protocol is not {VERSION}, which this program speaks.")
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise ProtocolError(f"The message is not understood: {error}.") from error
