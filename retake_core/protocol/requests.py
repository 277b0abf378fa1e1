"""What is asked of the engine: by the window in lines to its workers, by the command line in its own process."""

from typing import Annotated, Literal

import msgspec

from retake_core.protocol.base_request import Request
from retake_core.protocol.export_order import Order
from retake_core.protocol.fields import MAX_FRAMES, Frames, Id, KeepRatio, Limit, Seconds, Stars
from retake_core.protocol.lines import decode
from retake_core.protocol.people_requests import PeopleChange

Holder = Literal["user", "question", "conditions"]
"""Who holds indexing up: the user, or a question that needs the machine for itself."""

Unplayable = Literal["", "original", "copy"]
"""What a player could not show a frame of: nothing yet, the file itself, or a copy of its packets."""


class Index(Request, frozen=True, kw_only=True, tag=True):
    """Bring the library up to date with its folders.

    Attributes:
        add: paths of folders and single files that join the library.
        folders: of the library, to look for changes in; None is all of them.
        first: ids of videos that go through all passes before the others.
        describe: ids of videos that the model is to describe, whatever the settings say.
    """

    add: tuple[str, ...] = ()
    folders: tuple[str, ...] | None = None
    first: tuple[Id, ...] = ()
    describe: tuple[Id, ...] = ()


class RemoveFolder(Request, frozen=True, kw_only=True, tag=True):
    """Forget a folder and the videos that are nowhere else; no file is touched."""

    folder: str


class Reindex(Request, frozen=True, kw_only=True, tag=True):
    """Forget what is known of videos, so that the next `Index` looks at them anew."""

    video_ids: tuple[Id, ...]


class Retry(Request, frozen=True, kw_only=True, tag=True):
    """Let the next `Index` try videos once more that failed, or could not be described; None is all of them."""

    video_ids: tuple[Id, ...] | None = None


class RemoveVideos(Request, frozen=True, kw_only=True, tag=True):
    """Forget videos, and do not take them in again while their folder stays; no file is touched."""

    video_ids: tuple[Id, ...]


class Watch(Request, frozen=True, kw_only=True, tag=True):
    """Tell of changes in folders and single files of the library, until it is cancelled."""

    folders: tuple[str, ...]


class WatchCluster(Request, frozen=True, kw_only=True, tag=True):
    """Tell what the computers of the cluster at an address offer and do, until it is cancelled."""

    address: str


class Search(Request, frozen=True, kw_only=True, tag=True):
    """Find moments, everywhere or in one folder or video.

    Attributes:
        query: as a person types it; see `retake_core.search.query`.
        weaker: also moments below the calibrated cut-off.
        picture: path of a picture file; what looks like it is found, where the query matches, too.
    """

    query: str
    limit: Limit = 50
    folder: str | None = None
    video_id: Id | None = None
    weaker: bool = False
    picture: str | None = None


class Similar(Request, frozen=True, kw_only=True, tag=True):
    """Find moments that look like the keyframe at a time of a video, everywhere or in one folder or video.

    Attributes:
        query: narrows them down to where it matches, too.
    """

    like: Id
    time: float
    query: str = ""
    limit: Limit = 50
    folder: str | None = None
    video_id: Id | None = None


class ChangeSearch(Request, frozen=True, kw_only=True, tag=True):
    """Keep a query under a name, give what is kept another name, or, with neither, keep it no longer."""

    name: str
    query: str | None = None
    new: str | None = None


class MarkVideos(Request, frozen=True, kw_only=True, tag=True):
    """Say something of videos; None leaves it as it is.

    Attributes:
        stars: 0 takes them away.
        hidden: whether lists and searches leave them out.
        add_tags: tags are the same whatever their case.
    """

    video_ids: tuple[Id, ...]
    stars: Stars | None = None
    favourite: bool | None = None
    hidden: bool | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


class RenameTag(Request, frozen=True, kw_only=True, tag=True):
    """Call a tag otherwise wherever it is, or, without a new name, take it from all videos."""

    name: str
    new: str | None = None


class AddNote(Request, frozen=True, kw_only=True, tag=True):
    """Write a note about videos, or about a time in each of them."""

    video_ids: tuple[Id, ...]
    content: str
    time: Seconds | None = None


class ChangeNote(Request, frozen=True, kw_only=True, tag=True):
    """Write a note anew, or, without content, delete it."""

    note_id: Id
    content: str | None = None


class Describe(Request, frozen=True, kw_only=True, tag=True):
    """Write what a recording is about, with a line for each chapter, such as "1:30 The cake"."""

    video_id: Id
    title: str
    summary: str
    chapters: str


class KeepPosition(Request, frozen=True, kw_only=True, tag=True):
    """Remember where watching stopped; without a position, forget that."""

    video_ids: tuple[Id, ...]
    position: Seconds | None = None


class RenameVideo(Request, frozen=True, kw_only=True, tag=True):
    """Rename a video's file in its folder, and the files beside it that bear its name.

    Attributes:
        name: the new one; the ending stays as it is, whether it is told or not.
        path: which of its files, where it has copies; None is the first one.
    """

    video_id: Id
    name: str
    path: str | None = None


class ListSoundTracks(Request, frozen=True, kw_only=True, tag=True):
    """Tell which sound tracks a video has, and which of them are listened to."""

    video_id: Id


class ChooseSoundTrack(Request, frozen=True, kw_only=True, tag=True):
    """Have the next `Index` listen to a sound track, counted from 1; None leaves the choice to the file."""

    video_id: Id
    track: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Still(Request, frozen=True, kw_only=True, tag=True):
    """Decode the frame that is on screen at a time, for files that the window's player cannot seek in."""

    video_id: Id
    time: Seconds


class ReadSubtitles(Request, frozen=True, kw_only=True, tag=True):
    """Read a subtitle file that the user shows over a video; it does not join the library."""

    path: str


class Plan(Request, frozen=True, kw_only=True, tag=True):
    """Tell what a question would take: about a video, some videos, a folder or, without any, the library.

    Attributes:
        question: what is looked for, where it is not about one video.
        video_ids: the videos whose moments are looked through, where it is about several.
        frames: at most so many are read.
        keep_ratio: the fraction of visual tokens that stays; None follows the budget.
        model: a folder or an id in the hub's cache; None is the model of the settings.
        words: whether the model is given what is said and what stands on the screen.
        thorough: whether what a first answer points at is looked at again, where it is about one video.
    """

    question: str = ""
    video_id: Id | None = None
    video_ids: tuple[Id, ...] = ()
    folder: str | None = None
    frames: Frames = MAX_FRAMES
    keep_ratio: KeepRatio | None = None
    model: str | None = None
    words: bool = True
    thorough: bool = False


class Ask(Request, frozen=True, kw_only=True, tag=True):
    """Answer a question; see `Plan`.

    Attributes:
        conversation_id: which one goes on; None begins another.
        max_tokens: the answer ends after so many.
        continues: the message of the history whose answer goes on where it was cut; the rest is as it was asked.
    """

    question: str
    video_id: Id | None = None
    video_ids: tuple[Id, ...] = ()
    folder: str | None = None
    frames: Frames = MAX_FRAMES
    keep_ratio: KeepRatio | None = None
    model: str | None = None
    conversation_id: Id | None = None
    max_tokens: Annotated[int, msgspec.Meta(ge=1)] = 512
    continues: Id | None = None
    words: bool = True
    thorough: bool = False


class ForgetConversations(Request, frozen=True, kw_only=True, tag=True):
    """Delete conversations from the history."""

    ids: tuple[Id, ...]


class Prepare(Request, frozen=True, kw_only=True, tag=True):
    """Find out when a video's frames are shown, and make a copy of it if the player cannot show them exactly.

    Attributes:
        short_side: pixels of the shorter side that suit the screen.
        failed: what the player could not show a frame of.
    """

    video_id: Id
    short_side: Annotated[int, msgspec.Meta(ge=16, le=16_384)]
    failed: Unplayable = ""


class Export(Request, frozen=True, kw_only=True, tag=True):
    """Write something of the library into a file."""

    order: Order


class Cancel(Request, frozen=True, kw_only=True, tag=True):
    """Stop the job of this id; it answers with `Cancelled`, or with `Done` if it was faster."""


class Pause(Request, frozen=True, kw_only=True, tag=True):
    """Hold indexing up, at the next batch, until the same holder resumes it; this is not answered."""

    holder: Holder


class Resume(Request, frozen=True, kw_only=True, tag=True):
    """Let indexing go on as far as this holder is concerned; this is not answered."""

    holder: Holder


class KeepCopy(Request, frozen=True, kw_only=True, tag=True):
    """Make a copy of the library if the last one is a day old."""


class Backup(Request, frozen=True, kw_only=True, tag=True):
    """Write the library and the settings into a file.

    Attributes:
        file: its path.
        memories: also what is remembered of videos.
        faces: also the faces that were found, and who they are.
    """

    file: str
    memories: bool = False
    faces: bool = False


class MoveLibrary(Request, frozen=True, kw_only=True, tag=True):
    """Move the library to another folder."""

    folder: str


class Restore(Request, frozen=True, kw_only=True, tag=True):
    """Put a backup, or a copy of the library, in the place of the library."""

    file: str


VideoChange = RemoveFolder | Reindex | Retry | RemoveVideos
PlayerJob = ListSoundTracks | ReadSubtitles | Still | Prepare
MarkChange = MarkVideos | RenameTag | AddNote | ChangeNote | Describe | KeepPosition
Change = (
    VideoChange | MarkChange | PeopleChange | ChooseSoundTrack | RenameVideo | ForgetConversations | ChangeSearch
)
"""What changes the library and is done in a moment."""

Keeping = KeepCopy | Backup | Restore | MoveLibrary
"""What keeps the library safe, and takes a while where it is large."""

Job = Index | Watch | WatchCluster | Search | Similar | Plan | Ask | Export | PlayerJob | Keeping | Change
"""What a worker does one after another."""

AnyRequest = Job | Cancel | Pause | Resume


def decode_request(line: bytes) -> AnyRequest:
    """Read a request.

    Raises:
        ProtocolError: it is none, or of another version.
    """
    request: AnyRequest = decode(line, AnyRequest)
    return request
