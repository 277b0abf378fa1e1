"""Moments as a clip: where to cut, how much room that takes, and what is told of it."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.export.clip_task import ClipTask
from retake_core.export.cut import FORMATS, Clip, Cut
from retake_core.export.moments import Item
from retake_core.export.target import writing
from retake_core.library.catalog import VideoEntry
from retake_core.library.dates import DateSource
from retake_core.library.description import Chapter
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.protocol.export_order import ClipPart, Note, NoteKind, Order, Report

SHORTEST = 0.1  # seconds
_EARLIER = 0.05  # seconds that a clip may begin before what was asked for without a word
_ENCODED_SHARE = 2.0  # times the bytes that the recording has there
_DROPPED: dict[str, NoteKind] = {
    "subtitles": "without subtitles",
    "other sound": "without other sound",
    "data": "without data",
}


def export_clip(
    order: Order,
    items: Sequence[Item],
    chapters: Sequence[Chapter],
    decoder: LastingDecoder,
    cancel: CancelToken,
    tell: Callable[[float], None],
) -> Report:
    """Write moments one after another into a file.

    Args:
        order: says where to, and how.
        items: the moments, at least one.
        chapters: of the recording, where there is one moment.
        decoder: does the work, in a process of its own.
        cancel: looked at ten times a second; then nothing is left behind.
        tell: hears how far it has come, 0..1.

    Raises:
        UserError: it cannot be written, or a recording is not there or not readable.
        Cancelled: a stop was asked for.
    """
    target = Path(order.target)
    cuts = [cut_of(item, order.before, order.after) for item in items]
    recordings = [path for item in items for path in item.video.paths]
    needed = sum(_bytes_of(cut, item.video) for cut, item in zip(cuts, items, strict=True))
    needed = round(needed * (_ENCODED_SHARE if order.exact else 1.1))
    with writing(target, recordings, replace=order.replace, needed=needed) as temporary:
        task = ClipTask(
            tuple(cuts),
            temporary,
            FORMATS[target.suffix.lower()],
            order.exact,
            order.place,
            _date(order, items[0].video),
            tuple(chapters),
        )
        clip: Clip = decoder.run(task, cancel, tell)
    parts = tuple(
        ClipPart(item.video.id, piece.start, piece.end, piece.at)
        for item, piece in zip(items, clip.pieces, strict=True)
    )
    return Report(os.fspath(target), target.stat().st_size, _notes(order, cuts, clip), parts)


def cut_of(item: Item, before: float, after: float) -> Cut:
    """Return what to cut for a moment, with handles, inside its video.

    Raises:
        UserError: the video's file is not there, or ends before.
    """
    video = item.video
    if video.offline:
        raise UserError(f"{video.path.name} is not there now; connect its drive.")
    start = max(item.start - before, 0.0)
    end = item.end + after
    if video.duration:
        if start >= video.duration:
            raise UserError(f"{video.path.name} ends before that; it is {video.duration:.1f} s long.")
        end = min(end, video.duration)
    return Cut(video.path, start, max(end, start + SHORTEST))


def _date(order: Order, video: VideoEntry) -> str | None:
    """Return when a recording was made: by the library, which knows more than the file, or what a person set."""
    if not order.date:
        return ""
    return None if video.dated_by == DateSource.CHANGE else video.dated


def _bytes_of(cut: Cut, video: VideoEntry) -> int:
    try:
        size = video.path.stat().st_size
    except OSError:
        return 0
    share = (cut.end - cut.start) / video.duration if video.duration else 1.0
    return round(size * min(share, 1.0))


def _notes(order: Order, cuts: Sequence[Cut], clip: Clip) -> tuple[Note, ...]:
    notes: list[Note] = []
    earlier = max(cut.start - piece.start for cut, piece in zip(cuts, clip.pieces, strict=True))
    if clip.encoded and not order.exact:
        notes.append(Note("encoded"))
    elif earlier > _EARLIER:
        notes.append(Note("starts earlier", round(earlier, 3)))
    if clip.tone_mapped:
        notes.append(Note("tone-mapped"))
    notes += [Note(_DROPPED[part]) for part in clip.dropped]
    return tuple(notes)
