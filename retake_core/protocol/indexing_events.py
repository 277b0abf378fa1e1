"""What indexing, and the jobs around it, tell while they run: plain data."""

from enum import StrEnum

import msgspec

from retake_core.protocol.events import Event


class Scanning(Event, frozen=True, tag=True):
    """A folder is being compared with the library; told at most ten times a second.

    Attributes:
        found: video files so far.
        read: files whose content was looked at, because they are new or have changed.
        unread: files whose content is to be looked at in all; 0 while there may be more files to find.
    """

    found: int
    read: int = 0
    unread: int = 0


class Scanned(Event, frozen=True, tag=True):
    """The folders were compared with the library.

    Attributes:
        found: video files that are there.
        new: of these, files of a content not seen before.
        changed: files whose content is another than at the last scan.
        moved: files at a new path whose content was known.
        missing: known files that are not there now.
        left_out: known files that are left out since this scan, by a pattern or for where they lie.
        deferred: paths of files that are still being written; the next run takes them.
        problems: folders and files that could not be looked at, with the reason.
        unknown: files of which neither name nor content tells what they are.
    """

    found: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    deferred: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unknown: int = 0
    left_out: int = 0


class Waiting(Event, frozen=True, tag=True):
    """The library cannot be written for now, with the reason; work goes on by itself when it can."""

    reason: str


class Freed(Event, frozen=True, tag=True):
    """Videos were removed from the library, with all that was made of them.

    Attributes:
        videos: that lie nowhere else.
        size: bytes of disk that are free again.
    """

    videos: int
    size: int


class FacesForgotten(Event, frozen=True, tag=True):
    """Faces were deleted from the disk.

    Attributes:
        faces: how many.
        size: bytes of disk that are free again.
    """

    faces: int
    size: int


class Switch(msgspec.Struct, frozen=True):
    """Search changes from one encoder to another, which does not know all keyframes yet.

    Attributes:
        using: name of the encoder that search still uses, as the settings call it; "" when it cannot be used.
        wanted: name of the one that was chosen.
        ready: keyframes that the wanted one knows.
        keyframes: that the other one knows.
    """

    using: str
    wanted: str
    ready: int
    keyframes: int

    @property
    def percent(self) -> int:
        """How much is ready, 0..99."""
        return min(99, 100 * self.ready // max(1, self.keyframes))


class Switching(Event, frozen=True, tag=True):
    """The stored thumbnails are being embedded by another encoder.

    Attributes:
        switch: how far it has come.
        time_left: seconds, or None while it cannot be told.
    """

    switch: Switch
    time_left: float | None


class PassName(StrEnum):
    """What the passes over videos are called; the first three find keyframes, each closer than the one before."""

    QUICK = "quick"
    REFINED = "refined"
    THOROUGH = "thorough"
    ATTRIBUTES = "attributes"
    MEANING = "meaning"
    SCREEN = "screen"
    FACES = "faces"
    SPEECH = "speech"
    DESCRIBE = "describe"


GIVE_WAY = (
    PassName.ATTRIBUTES,
    PassName.MEANING,
    PassName.SCREEN,
    PassName.FACES,
    PassName.SPEECH,
    PassName.DESCRIBE,
)
"""Passes that come last: they take long, and all else can be used without them."""


class PassStarted(Event, frozen=True, tag=True):
    """A pass over so many videos begins."""

    name: PassName
    videos: int


class VideoProgress(msgspec.Struct, frozen=True):
    """A video that is being looked at.

    Attributes:
        path: of its file.
        fraction: 0..1 of its work.
        speed: seconds of video a second.
        device: the graphics device that decodes it, by FFmpeg's name of its kind; "" for the processor.
        computer: the name of the one that looks at it; "" for this one.
    """

    path: str
    fraction: float
    speed: float
    device: str = ""
    computer: str = ""


class PassProgress(Event, frozen=True, tag=True):
    """How far a pass has come; told at most ten times a second.

    Attributes:
        name: of the pass.
        done: videos finished or failed.
        videos: videos in all.
        fraction: 0..1 of the run; of the pass, while the time of the run cannot be told.
        speed: seconds of video a second.
        time_left: seconds until the run is over, with all passes to come; None while that cannot be told.
        working: the videos that are being looked at.
    """

    name: PassName
    done: int
    videos: int
    fraction: float
    speed: float
    time_left: float | None
    working: tuple[VideoProgress, ...] = ()


class VideoDone(Event, frozen=True, tag=True):
    """A pass over one video is complete."""

    path: str
    name: PassName
    keyframes: int


class VideoFailed(Event, frozen=True, tag=True):
    """A video cannot be indexed, with the reason; the others go on."""

    path: str
    reason: str


class VideoDeferred(Event, frozen=True, tag=True):
    """A video changed while it was read; the next run takes it."""

    path: str


class Remarked(Event, frozen=True, tag=True):
    """Something that the user should know, and that stops nothing.

    Attributes:
        path: of the file that it is about; "" where it is about none.
        text: one sentence.
    """

    path: str
    text: str


class TextRead(Event, frozen=True, tag=True):
    """What a video shows or says was read.

    Attributes:
        path: of its file.
        name: of the pass.
        texts: how many there are.
    """

    path: str
    name: PassName
    texts: int


class FacesFound(Event, frozen=True, tag=True):
    """A video was looked at for faces.

    Attributes:
        path: of its file.
        faces: how many there are.
    """

    path: str
    faces: int


class DescribingPlanned(Event, frozen=True, tag=True):
    """What describing will take; told before it begins.

    Attributes:
        model: the name of what describes.
        videos: how many there are to describe.
        seconds: that it takes, or None on a machine where the model has not read any yet.
        size: bytes of disk that their memories take.
    """

    model: str
    videos: int
    seconds: float | None
    size: int


class VideoDescribed(Event, frozen=True, tag=True):
    """A model told what a video is about.

    Attributes:
        path: of its file.
        title: that it was given.
        chapters: how many it has now.
        unsupported: chapters that were left out because nothing in the video supports them.
    """

    path: str
    title: str
    chapters: int
    unsupported: int


class DescribingFailed(Event, frozen=True, tag=True):
    """A video could not be described, with the reason; the others go on."""

    path: str
    reason: str


class Indexed(Event, frozen=True, tag=True):
    """All passes are over.

    Attributes:
        videos: finished in this run, at whichever depth.
        failed: could not be indexed in this run.
        keyframes: in the library now.
        video_seconds: length of all that was read.
        seconds: time that it took, without reading text on screen.
    """

    videos: int
    failed: int
    keyframes: int
    video_seconds: float
    seconds: float


class FolderChanged(Event, frozen=True, tag=True):
    """Something in a folder of the library is not as the library knows it, and has come to rest."""

    path: str


class FolderFollowed(Event, frozen=True, tag=True):
    """How a folder of the library is followed now.

    Attributes:
        path: of the folder.
        state: "watched": changes are told at once; "rescanned": they are looked for now and then; "offline": it is
            not there, or does not answer.
    """

    path: str
    state: str


class CopyProgress(Event, frozen=True, tag=True):
    """How much of a playable copy or an export is made, 0..1; told at most ten times a second."""

    fraction: float


IndexingEvent = (
    Scanning
    | Scanned
    | Waiting
    | Freed
    | FacesForgotten
    | Switching
    | PassStarted
    | PassProgress
    | VideoDone
    | VideoFailed
    | VideoDeferred
    | Remarked
    | TextRead
    | FacesFound
    | DescribingPlanned
    | VideoDescribed
    | DescribingFailed
    | Indexed
    | FolderChanged
    | FolderFollowed
    | CopyProgress
)
