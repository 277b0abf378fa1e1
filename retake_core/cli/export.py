"""`retake export`: clips, sheets, chapters, timelines, transcripts and answers as files."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, with_options
from retake_core.cli.moments import parse_span, search_library
from retake_core.cli.options import written
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.protocol.export_order import Order, Wanted, What
from retake_core.protocol.requests import Export, Search
from retake_core.system.files import absolute


def _carry_out(context: Context, database: Database, order: Order) -> None:
    """Write what an order says and show what came of it; Ctrl+C leaves nothing behind."""
    from retake_core.cli.show.exports import export_bar, export_document, print_export
    from retake_core.export.service import ExportService
    from retake_core.media.process.lasting_decoder import LastingDecoder

    cancel = CancelToken()
    with closing(LastingDecoder(context.data_dir.log)) as decoder, cancel_on_signal(cancel), export_bar() as tell:
        done = ExportService(database, decoder).export(Export(id=0, order=order), cancel, tell)
    context.show(export_document(done.report), print_export)


@click.group("export")
def export_group() -> None:
    """Write clips, contact sheets, chapters, timelines, transcripts and answers into files.

    No recording is ever touched, and no file is replaced without --replace. Each command takes its moments from
    MOMENT arguments (party.mp4@1:05 or party.mp4@1:05-1:20), --search, --saved or --answer, or all keyframes of a
    video with --video.
    """


def _selecting(*, videos: bool, chapters: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that say what it is about."""
    options = [
        click.argument("moments", nargs=-1, metavar="[MOMENT]..."),
        click.argument("file", type=click.Path(path_type=Path, dir_okay=False)),
        click.option("--search", "query", type=written, metavar="QUERY", help="The moments that match."),
        click.option("--saved", metavar="NAME", help="The moments of a search that is kept."),
        click.option("--answer", metavar="ID", help="The moments that an answer cites; `last` is the newest."),
        click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="Of a search."),
    ]
    if videos:
        options += [
            click.option("--video", multiple=True, metavar="VIDEO", help="All of it; can be repeated."),
            click.option("--notes", is_flag=True, help="Of these the notes about a time, not the keyframes."),
            click.option("--top", type=click.IntRange(min=1), help="Of these only the most prominent ones."),
            click.option("--name", default="", help="A title."),
        ]

    if chapters:
        options.append(
            click.option(
                "--keyframes", is_flag=True, help="Of these the keyframes, also where there are chapters."
            )
        )

    def give(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            function = option(function)
        return function

    return give


_replace = click.option("--replace", is_flag=True, help="Also when FILE exists.")


@export_group.command()
@with_options
@_selecting(videos=False)
@click.option("--before", type=click.FloatRange(0), default=0.0, help="Seconds before each moment.")
@click.option("--after", type=click.FloatRange(0), default=0.0, help="Seconds after each moment.")
@click.option("--exact", is_flag=True, help="Begin and end exactly there, by encoding anew; slower.")
@click.option(
    "--place/--without-place", default=True, show_default=True, help="Keep where the recording was made, or not."
)
@click.option("--date/--without-date", default=True, show_default=True, help="Keep when it was made, or not.")
@_replace
def clip(context: Context, file: Path, **options: Any) -> None:
    """Cut moments out of their recordings into FILE (.mp4, .mov or .mkv), several one after another.

    Without --exact nothing is encoded where that is possible: the clip is cut in a moment and as good as the
    recording, but begins at the key frame before the moment, and says how much earlier that is. A MOMENT without
    an end lasts to the next keyframe, at most 10 s. Sound, rotation, colours and frame times are kept.

    \b
    retake export clip party.mp4@1:05-1:20 cake.mp4
    retake export clip --search "a bicycle" --before 1 --after 2 bicycles.mp4
    """  # noqa: D301 - click reads it
    _export(context, "clip", file, **options)


@export_group.command()
@with_options
@click.argument("moment", metavar="MOMENT")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_replace
def frame(context: Context, moment: str, file: Path, replace: bool) -> None:
    """Save the frame that is on screen at MOMENT (party.mp4@1:05) into FILE (.png or .jpg), at full size."""
    _export(context, "frame", file, moments=(moment,), replace=replace)


@export_group.command()
@with_options
@_selecting(videos=True)
@_replace
def sheet(context: Context, file: Path, **options: Any) -> None:
    """Draw moments, or a video's keyframes, with their times on a contact sheet: FILE (.png, or .pdf with pages).

    \b
    retake export sheet --video party.mp4 --top 40 party.pdf
    """  # noqa: D301 - click reads it
    _export(context, "sheet", file, **options)


@export_group.command()
@with_options
@_selecting(videos=True, chapters=True)
@_replace
def chapters(context: Context, file: Path, **options: Any) -> None:
    """Write chapters of one video: FILE.vtt for web players, FILE.txt for YouTube, FILE.ffmetadata for FFmpeg.

    Of a video that has chapters (see `retake chapters`) they are these; else, and with --top or --keyframes, its
    keyframes, called by what is said then, or by their time. To put them into a copy of the video:
    ffmpeg -i party.mp4 -i FILE.ffmetadata -map_metadata 1 -codec copy with-chapters.mp4

    \b
    retake export chapters --video party.mp4 party.txt
    retake export chapters --video party.mp4 --top 12 party.vtt
    retake export chapters --video party.mp4 --notes party.ffmetadata
    """  # noqa: D301 - click reads it
    _export(context, "chapters", file, **options)


@export_group.command()
@with_options
@_selecting(videos=True, chapters=True)
@_replace
def timeline(context: Context, file: Path, **options: Any) -> None:
    """Write a timeline for an editing program: FILE.otio (OpenTimelineIO), FILE.fcpxml or FILE.edl (CMX 3600).

    Moments become clips one after another, each with a marker; with --video, the whole video gets a marker for
    each of its chapters or, where it has none and with --top or --keyframes, at each keyframe. Times are exact to
    the frame, and follow the recording's own time code where it has one.

    \b
    retake export timeline --search "a bicycle" bicycles.fcpxml
    retake export timeline --video party.mp4 markers.edl
    """  # noqa: D301 - click reads it
    _export(context, "timeline", file, **options)


@export_group.command()
@with_options
@click.argument("video")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_replace
def transcript(context: Context, video: str, file: Path, replace: bool) -> None:
    """Write what is said in VIDEO into FILE: .srt and .vtt with times for players, .txt to read."""
    _export(context, "transcript", file, video=(video,), replace=replace)


@export_group.command()
@with_options
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--answer", metavar="ID", default="last", show_default=True, help="Which answer of the history.")
@click.option("--list", "listed", is_flag=True, help="List the newest questions of the history with their ids.")
@_replace
def page(context: Context, file: Path | None, answer: str, listed: bool, replace: bool) -> None:
    """Write an answer with the frames that it rests on: FILE.html, or FILE.md and its pictures.

    The page says which moments and videos, which model, and what was not shown to it.
    """
    from retake_core.cli.show.exports import answers_document, print_answers
    from retake_core.library.history import newest_messages

    if listed:
        with context.library() as database, database.reading() as connection:
            messages = newest_messages(connection, 20)
        context.show(answers_document(messages), print_answers)
    elif file is None:
        raise UserError("Name the file to write, such as answer.html; --list shows which answers there are.")
    else:
        order = Order("page", os.fspath(absolute(file)), message_id=_message_id(answer), replace=replace)
        with context.library() as database:
            _carry_out(context, database, order)


def _export(
    context: Context,
    what: What,
    file: Path,
    *,
    moments: tuple[str, ...] = (),
    query: str | None = None,
    saved: str | None = None,
    answer: str | None = None,
    limit: int = 10,
    video: tuple[str, ...] = (),
    **options: Any,
) -> None:
    selections = [moments or None, query, saved, answer, video or None]
    if selections.count(None) != len(selections) - 1:
        raise UserError("Say what to export in one way: MOMENT arguments, --search, --saved, --answer or --video.")
    if options.get("notes") and (options.get("keyframes") or options.get("top")):
        raise UserError("Use --notes alone, or --top and --keyframes.")
    if options.get("notes") and not video:
        raise UserError("Name the video whose notes are meant with --video.")
    with context.library() as database:
        ordered: tuple[Wanted, ...] = ()
        with database.reading() as connection:
            ids = _video_ids(connection, video)
            if moments:
                ordered = tuple(_named(connection, moment) for moment in moments)
            elif answer is not None:
                ordered = _cited(connection, answer)
            elif saved is not None:
                from retake_core.library.searches import find_search

                query = find_search(connection, saved).query
        if query is not None:
            ordered = _matching(context, database, query, limit)
        target = os.fspath(absolute(file))
        _carry_out(context, database, Order(what, target, moments=ordered, video_ids=ids, **options))


def _video_ids(connection: Connection, names: tuple[str, ...]) -> tuple[int, ...]:
    from retake_core.library.catalog import find_video

    return tuple(find_video(connection, name).id for name in names)


def _named(connection: Connection, text: str) -> Wanted:
    """Return the moment that VIDEO@TIME or VIDEO@START-END names."""
    from retake_core.library.catalog import find_video

    name, start, end = parse_span(text)
    return Wanted(find_video(connection, name).id, start, start, end)


def _cited(connection: Connection, answer: str) -> tuple[Wanted, ...]:
    from retake_core.library.history import find_message

    message, _ = find_message(connection, _message_id(answer))
    if not message.citations:
        raise UserError("That answer cites no moments.")
    return tuple(Wanted(c.video_id, c.time, c.start, c.end) for c in message.citations)


def _matching(context: Context, database: Database, query: str, limit: int) -> tuple[Wanted, ...]:
    """Return the moments that `retake search` finds."""
    moments = search_library(context, database, Search(id=0, query=query, limit=limit))
    if not moments:
        raise UserError(f"Nothing matches {query}; try other words.")
    return tuple(Wanted(m.video_id, m.time, m.start, m.end, m.snippet) for m in moments)


def _message_id(answer: str) -> int | None:
    if answer == "last":
        return None
    if not answer.isdigit():
        raise UserError(f"{answer} is no number of an answer; `retake export page --list` shows them.")
    return int(answer)
