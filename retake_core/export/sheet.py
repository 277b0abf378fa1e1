"""Moments as a contact sheet in a file."""

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection

from retake_core.display import clock, counted, printable, readable
from retake_core.errors import UserError
from retake_core.export.contact_sheet import Cell, contact_sheet, pages, write_pdf, write_png
from retake_core.export.moments import Collection, Item, collect, pictures
from retake_core.export.target import writing
from retake_core.protocol.export_order import Order

MOST = 500  # pictures: more make one that nothing opens


def write_sheet(
    target: Path, suffix: str, collection: Collection, thumbnails: Mapping[int, bytes], title: str = ""
) -> None:
    """Draw moments into a file, the most prominent ones where there are too many.

    Args:
        target: the file.
        suffix: ".png" or ".pdf".
        collection: the moments.
        thumbnails: encoded, by the ids of keyframes.
        title: "" takes the video's name.

    Raises:
        UserError: there is nothing to draw.
        OSError: it cannot be written.
    """
    items = [item for item in collection.items if item.keyframe_id in thumbnails]
    if not items:
        raise UserError("There is nothing to draw: no keyframes yet; run: retake index")
    best = set(sorted(range(len(items)), key=lambda i: -items[i].prominence)[:MOST])
    drawn = [item for i, item in enumerate(items) if i in best]
    cells = [
        Cell(_caption(item, collection), item.prominence, thumbnails[item.keyframe_id or 0]) for item in drawn
    ]
    heading = printable(title or _title(collection, len(cells)))
    if suffix == ".pdf":
        write_pdf(target, heading, pages(heading, cells))
    else:
        write_png(target, contact_sheet(heading, cells))


def write_keyframes(connection: Connection, target: Path, video_id: int, top: int | None) -> None:
    """Draw a video's keyframes, all or the `top` most prominent, into a file: a PNG, unless its name is a PDF's.

    Raises:
        UserError: there are none, or the file cannot be written; one that is there is replaced.
    """
    collection = collect(connection, Order("sheet", os.fspath(target), video_ids=(video_id,), top=top))
    suffix = ".pdf" if target.suffix.lower() == ".pdf" else ".png"
    with writing(target, collection.videos[video_id].paths, replace=True) as temporary:
        write_sheet(temporary, suffix, collection, pictures(connection, collection.items))


def _title(collection: Collection, count: int) -> str:
    video = collection.only_video
    what = counted(count, "keyframe")
    if video is None:
        return f"{len(collection.videos)} videos   {what}"
    return f"{readable(video.path.name)}   {clock(video.duration or 0)}   {what}"


def _caption(item: Item, collection: Collection) -> str:
    time = clock(item.time)
    return time if collection.only_video is not None else printable(f"{time}  {readable(item.video.path.stem)}")
