"""Moments, as commands name them, search for them and describe them."""

import math
from collections.abc import Sequence

import click

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context
from retake_core.cli.selection import read_query
from retake_core.cli.show.text import Document
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.protocol.requests import Search, Similar
from retake_core.protocol.search_events import FoundMoment


def parse_moment(text: str) -> tuple[str, float]:
    """Return the video and the seconds that `VIDEO@TIME` names; the time as 65, 1:05 or 0:01:05.

    Raises:
        UserError: it names none.
    """
    name, _, time = text.rpartition("@")
    seconds = _seconds(time)
    if not name or seconds is None:
        raise UserError(f"{text} names no moment; write it as party.mp4@1:05.")
    return name, seconds


def parse_span(text: str) -> tuple[str, float, float]:
    """Return the video and the seconds that `VIDEO@TIME` or `VIDEO@START-END` names; a time alone ends at once.

    Raises:
        UserError: it names none, or ends before it begins.
    """
    name, _, times = text.rpartition("@")
    begin, dash, stop = times.partition("-")
    start = _seconds(begin)
    end = _seconds(stop) if dash else start
    if not name or start is None or end is None:
        raise UserError(f"{text} names no moment; write it as party.mp4@1:05 or party.mp4@1:05-1:20.")
    if dash and end <= start:
        raise UserError(f"{text} ends before it begins; write it as party.mp4@1:05-1:20.")
    return name, start, end


def _seconds(time: str) -> float | None:
    try:
        seconds = 0.0
        for part in time.split(":"):
            seconds = seconds * 60 + float(part)
    except ValueError:
        return None
    return seconds if 0 <= seconds < math.inf else None


def search_library(context: Context, database: Database, request: Search | Similar) -> tuple[FoundMoment, ...]:
    """Search as the window does, and say on standard error what the user should know of it."""
    from retake_core.cli.show.search import describe_switch, describe_unknown
    from retake_core.search.service import SearchService

    read_query(request.query)
    service = SearchService(database, context.search_encoder())
    if isinstance(request, Similar):
        return service.similar(request).hits
    ready = service.search(request, CancelToken(), lambda _: None)
    if ready.switch is not None:
        click.echo(f"retake: {describe_switch(ready.switch)} Go on with: retake index", err=True)
    if ready.unknown:
        click.echo(f"retake: {describe_unknown(ready.unknown, faceless=ready.faceless)}", err=True)
    return ready.hits


def describe_moments(database: Database, moments: Sequence[FoundMoment]) -> list[Document]:
    """Return moments as plain data, with the names of their videos."""
    from retake_core.cli.show.search import moments_document
    from retake_core.library.catalog import videos_by_id

    copies = {copy.video_id for moment in moments for copy in moment.copies}
    with database.reading() as connection:
        videos = videos_by_id(connection, copies | {moment.video_id for moment in moments})
    return moments_document(moments, videos)
