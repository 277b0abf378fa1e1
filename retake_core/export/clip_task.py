"""Writing a clip, as work for a process of its own: what is cut comes from anywhere."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.container import OutputContainer
from av.error import FFmpegError

from retake_core.errors import MediaError
from retake_core.export.chapters import SHORTEST_CHAPTER
from retake_core.export.copying import CopiedVideo
from retake_core.export.cut import KNOWN_SOUND, Clip, ClipPiece, Cut, LeftOut, NotCopiableError
from retake_core.export.encoding import EncodedVideo
from retake_core.export.stream_format import Look, look_at
from retake_core.library.description import Chapter
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import STEP_LIMIT, Send, TellFraction, progress_to
from retake_core.media.recording_date import YEAR

if TYPE_CHECKING:
    from av.container.core import Chapter as CodedChapter  # not there at run time


@dataclass(frozen=True, slots=True)
class ClipTask:
    """Write some cuts one after another into a file.

    Attributes:
        cuts: at least one.
        target: an empty file that may be written.
        container: FFmpeg's name of the format.
        exact: encode anew, so that the clip begins and ends exactly where it was asked to; else packets are copied
            where that can be done, from the last key frame before the start on.
        place: tell where the first recording was made, if it does.
        dated: when the first recording was made; None as it says itself, "" is not told.
        chapters: of the recording, where the clip is of one cut; the clip has those that it shows.
    """

    cuts: tuple[Cut, ...]
    target: Path
    container: str
    exact: bool
    place: bool = True
    dated: str | None = None
    chapters: tuple[Chapter, ...] = ()

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT

    def run(self, send: Send) -> Clip:
        """Write it.

        Raises:
            MediaError: a recording cannot be read, or the file cannot be written.
        """
        seen = {path: look_at(path) for path in {cut.path for cut in self.cuts}}
        looks = [seen[cut.path] for cut in self.cuts]
        tell = progress_to(send)
        total = max(sum(cut.end - cut.start for cut in self.cuts), 0.001)

        def step(done: float) -> None:
            tell(min(max(done / total, 0.0), 1.0))

        try:
            pieces, encoded = self._write(looks, step)
            probe(self.target)  # what cannot be read again is no clip
        except (FFmpegError, OSError) as error:
            reason = (error.strerror or "unknown error").lower()
            raise MediaError(f"The clip could not be written: {reason}.") from error
        return Clip(pieces, encoded, _dropped(looks), encoded and any(look.is_beyond_screens for look in looks))

    def _write(self, looks: Sequence[Look], step: TellFraction) -> tuple[tuple[ClipPiece, ...], bool]:
        if not self.exact and all(looks[0].joins(look) for look in looks):
            try:
                with _Writing(self, looks[0]) as writing:
                    container = writing.container
                    if looks[0].codec not in container.supported_codecs:
                        raise NotCopiableError
                    sound = set(KNOWN_SOUND.get(self.container, container.supported_codecs))
                    return CopiedVideo(container, self.cuts, sound, writing.begin, step).write(), False
            except NotCopiableError:
                pass
        with _Writing(self, looks[0]) as writing:
            return EncodedVideo(writing.container, self.cuts, looks, writing.begin, step).write(), True


class _Writing:
    """The clip's container; it is closed without its end where the work fails."""

    def __init__(self, task: ClipTask, look: Look) -> None:
        self._task = task
        self._dated = (look.recorded or "") if task.dated is None else task.dated
        self.container: OutputContainer = av.open(os.fspath(task.target), "w", format=task.container)
        if look.title:
            self.container.metadata["title"] = look.title
        if look.place and task.place:
            self.container.metadata["location"] = look.place

    def __enter__(self) -> "_Writing":
        return self

    def __exit__(self, *_error: object) -> None:
        self.container.close()

    def begin(self, start: float) -> None:
        """Tell of the first frame, which lies at so many seconds, before anything is written."""
        self._date(start)
        self.container.set_chapters(_within(self._task.chapters, start, self._task.cuts[0].end))

    def _date(self, start: float) -> None:
        if YEAR.fullmatch(self._dated):
            self.container.metadata["date"] = self._dated
            return
        try:
            began = datetime.fromisoformat(self._dated) + timedelta(seconds=max(start, 0.0))
        except (ValueError, OverflowError):
            return
        self.container.metadata["creation_time"] = began.isoformat()


def _within(chapters: Sequence[Chapter], start: float, end: float) -> "list[CodedChapter]":
    """Return the chapters between two times, in milliseconds from the first one on."""
    shown = [(max(part.start, start), min(part.end, end), part.title) for part in chapters]
    return [
        {
            "id": number,
            "start": round((begin - start) * 1000),
            "end": round((close - start) * 1000),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": title},
        }
        for number, (begin, close, title) in enumerate(shown)
        if close - begin >= SHORTEST_CHAPTER
    ]


def _dropped(looks: Sequence[Look]) -> tuple[LeftOut, ...]:
    return tuple(dict.fromkeys(part for look in looks for part in look.dropped))
