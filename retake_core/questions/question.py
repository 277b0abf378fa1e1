"""A question with all that the library knows for it: what it takes to answer it, here or on another computer."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.media.video_info import Span
from retake_core.protocol.search_events import FoundMoment
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.moments import CLIPS, join, stretch
from retake_core.questions.planning import QuestionOptions
from retake_core.questions.words import NO_FOUND_WORDS, FoundWords, Stretch, find_words
from retake_core.search.moments import Moment, found_moments
from retake_core.videollm.families.prompt import Turn


@dataclass(frozen=True)
class VideoQuestion:
    """A question about one video.

    Attributes:
        text: as the user wrote it.
        options: how much is read and written.
        video: that it is about.
        words: what is said and written in it.
        earlier: the turns of the same conversation before.
        pointed: spans of it that match the question, for a thorough answer.
    """

    text: str
    options: QuestionOptions
    video: AskedVideo
    words: FoundWords = NO_FOUND_WORDS
    earlier: Sequence[Turn] = ()
    pointed: Sequence[Span] = ()

    @property
    def videos(self) -> Sequence[AskedVideo]:
        """Those that it is about."""
        return [self.video]

    def seen_by(self, see: Callable[[AskedVideo], AskedVideo]) -> "VideoQuestion":
        """Return the same question, ready to be sent: its words are found, and its videos as another sees them."""
        return replace(self, video=see(self.video), words=self.words.found())


@dataclass(frozen=True)
class MomentsQuestion:
    """A question about moments of the library.

    Attributes:
        text: as the user wrote it.
        options: how much is read and written.
        moments: that it is about.
        stretches: what is read of them.
        words: what is said and written there.
        alone: the same question about the one video that has all of them; None where several have.
        away: names of videos with moments that cannot be read now.
    """

    text: str
    options: QuestionOptions
    moments: tuple[FoundMoment, ...]
    stretches: Sequence[Stretch]
    words: FoundWords
    alone: VideoQuestion | None = None
    away: Sequence[str] = ()

    @property
    def videos(self) -> Sequence[AskedVideo]:
        """Those of its stretches, in the same order."""
        return [video for video, _, _ in self.stretches]

    def seen_by(self, see: Callable[[AskedVideo], AskedVideo]) -> "MomentsQuestion":
        """See `VideoQuestion.seen_by`."""
        stretches = [(see(video), start, end) for video, start, end in self.stretches]
        alone = None if self.alone is None else self.alone.seen_by(see)
        return replace(self, stretches=stretches, words=self.words.found(), alone=alone)


Question = VideoQuestion | MomentsQuestion


def about_video(
    connection: Connection,
    video: AskedVideo,
    text: str,
    options: QuestionOptions,
    earlier: Sequence[Turn] = (),
    moments: Sequence[Moment] = (),
) -> VideoQuestion:
    """Return a question about a video, of which moments may be known that match it."""
    words = _words(connection, text, options, [(video, 0.0, math.inf)])
    return VideoQuestion(text, options, video, words, earlier, tuple(map(stretch, moments)))


def about_moments(
    connection: Connection, moments: Sequence[Moment], text: str, options: QuestionOptions
) -> MomentsQuestion:
    """Return a question about the first of these moments.

    Raises:
        UserError: none of their videos can be read now.
    """
    videos, away = _readable(connection, moments[:CLIPS])
    there = [moment for moment in moments[:CLIPS] if moment.video.id in videos]
    if not there:
        raise UserError("No video that matches is there now; connect its drive, or run: retake index")
    stretches = join([(videos[moment.video.id], *stretch(moment)) for moment in there])
    alone = None
    if len(videos) == 1:
        (video,) = videos.values()
        alone = about_video(connection, video, text, options, moments=there)
    words = _words(connection, text, options, stretches, clips=True)
    return MomentsQuestion(text, options, found_moments(there), stretches, words, alone, away)


def _words(
    connection: Connection,
    text: str,
    options: QuestionOptions,
    stretches: Sequence[Stretch],
    *,
    clips: bool = False,
) -> FoundWords:
    return find_words(connection, text, stretches, clips=clips) if options.words else NO_FOUND_WORDS


def _readable(connection: Connection, moments: Sequence[Moment]) -> tuple[dict[int, AskedVideo], list[str]]:
    """Return the videos of moments by id, and the names of those that cannot be read now."""
    videos: dict[int, AskedVideo] = {}
    away: list[str] = []
    for entry in {moment.video.id: moment.video for moment in moments}.values():
        with suppress(UserError):
            video = AskedVideo.of(connection, entry)
            if video.file is not None:
                videos[entry.id] = video
        if entry.id not in videos:
            away.append(readable(entry.path.name))
    return videos, away
