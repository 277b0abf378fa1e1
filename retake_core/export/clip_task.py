"""Writing a clip, as work for a process of its own: what is cut comes from anywhere."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import av
from av.container import OutputContainer
from av.error import FFmpegError

from retake_core.errors import MediaError
from retake_core.export.copying import CopiedVideo
from retake_core.export.cut import KNOWN_SOUND, Clip, ClipPiece, Cut, LeftOut, NotCopiableError
from retake_core.export.encoding import EncodedVideo
from retake_core.export.stream_format import Look, look_at
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import STEP_LIMIT, Send, TellFraction, progress_to


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
    """

    cuts: tuple[Cut, ...]
    target: Path
    container: str
    exact: bool
    place: bool = True

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
                with _Writing(self, looks) as container:
                    if looks[0].codec not in container.supported_codecs:
                        raise NotCopiableError
                    sound = set(KNOWN_SOUND.get(self.container, container.supported_codecs))
                    return CopiedVideo(container, self.cuts, sound, step).write(), False
            except NotCopiableError:
                pass
        with _Writing(self, looks) as container:
            return EncodedVideo(container, self.cuts, looks, step).write(), True


class _Writing:
    """The clip's container; it is closed without its end where the work fails."""

    def __init__(self, task: ClipTask, looks: Sequence[Look]) -> None:
        self._container = av.open(os.fspath(task.target), "w", format=task.container)
        metadata = self._container.metadata
        if recorded := _recorded(looks[0], task.cuts[0]):
            metadata["creation_time"] = recorded
        if looks[0].title:
            metadata["title"] = looks[0].title
        if looks[0].place and task.place:
            metadata["location"] = looks[0].place

    def __enter__(self) -> OutputContainer:
        return self._container

    def __exit__(self, *_error: object) -> None:
        self._container.close()


def _recorded(look: Look, cut: Cut) -> str | None:
    """Return when the clip's first frame was recorded."""
    try:
        begin = datetime.fromisoformat(look.recorded or "")
        return (begin + timedelta(seconds=max(cut.start, 0.0))).isoformat()
    except (ValueError, OverflowError):
        return None


def _dropped(looks: Sequence[Look]) -> tuple[LeftOut, ...]:
    return tuple(dict.fromkeys(part for look in looks for part in look.dropped))
