"""What a search finds: moments, how near-duplicates become one, and how they are told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from retake_core.library.catalog import VideoEntry, videos_by_id
from retake_core.library.keyframes import KeyframeEntry, keyframe_spans, keyframes_at, posters, thumbnails
from retake_core.library.vectors import embeddings_of
from retake_core.protocol.search_events import Copy, FoundMoment
from retake_core.search.duplicates import Pictures
from retake_core.search.fusion import CUT_OFF, Joined, SourceHit, Why
from retake_core.search.snippets import NOTHING, Snippet, snippet


@dataclass(frozen=True, slots=True)
class Moment:
    """A span of a video that matches.

    Attributes:
        start: seconds.
        end: seconds; where the next keyframe shows something else.
        best: the keyframe that matches most, or the one that is on screen when the words fall.
        score: confidence, 0..1.
        at: seconds where it matches best, when that is not at the keyframe.
        why: what matches, the surest first.
        snippet: the words that match, in their sentence.
        by_meaning: whether the snippet says it in other words.
        shows: what the picture has of `encoders.attributes.NAMES`, as far as the query asks for it.
        copies: moments of other videos that show the same.
    """

    video: VideoEntry
    start: float
    end: float
    best: KeyframeEntry
    score: float
    at: float | None = None
    why: tuple[Why, ...] = ()
    snippet: Snippet = NOTHING
    by_meaning: bool = False
    shows: tuple[str, ...] = ()
    copies: tuple["Moment", ...] = ()

    @property
    def time(self) -> float:
        """Where to go to, in seconds."""
        return self.best.time if self.at is None else self.at


def as_hits(connection: Connection, confidence: dict[int, float]) -> list[SourceHit]:
    """Return keyframes as hits; one stands for the time until the next one.

    The join with SQL drops keyframes that the index knows and the library no longer has.
    """
    return [
        SourceHit(span.video_id, span.time, span.end, span.time, Why.PICTURE, confidence[span.id], span.id)
        for span in keyframe_spans(connection, list(confidence))
    ]


def entries_of(connection: Connection, stretches: Sequence[Joined]) -> list[Moment]:
    """Fill in what is shown of moments; those of videos that are gone, or have no picture yet, vanish."""
    entries = videos_by_id(connection, {stretch.video_id for stretch in stretches})
    whole = posters(connection, {stretch.video_id for stretch in stretches if stretch.strongest.is_whole})
    shown = keyframes_at(connection, [(stretch.video_id, stretch.strongest.at) for stretch in stretches])
    moments = []
    for stretch, at in zip(stretches, shown, strict=True):
        video, strongest = entries.get(stretch.video_id), stretch.strongest
        best = whole.get(stretch.video_id) if strongest.is_whole else at
        if video is None or best is None:
            continue
        ranked = sorted(stretch.best.values(), key=lambda hit: -hit.confidence)
        quoted = next((hit for hit in ranked if hit.text), None)
        end = max(video.duration or 0.0, best.time) if math.isinf(stretch.end) else stretch.end
        moments.append(
            Moment(
                video,
                start=stretch.start,
                end=end,
                best=best,
                score=stretch.confidence,
                at=None if strongest.is_whole or strongest.why == Why.PICTURE else strongest.at,
                why=tuple(hit.why for hit in ranked),
                snippet=NOTHING if quoted is None else snippet(quoted.text, quoted.marks),
                by_meaning=quoted is not None and quoted.by_meaning,
                shows=next((hit.shows for hit in ranked if hit.shows), ()),
            )
        )
    return moments


def distinct_moments(connection: Connection, encoder: str, moments: Sequence[Moment], limit: int) -> list[Moment]:
    """Put moments of other videos that show the same, for the same reason, under the best of them."""
    embeddings = embeddings_of(connection, encoder, [moment.best.id for moment in moments])
    pictures = Pictures(embeddings, lambda i: thumbnails(connection, [i]).get(i))
    kept: list[list[Moment]] = []
    for moment in moments:
        alike = pictures.alike(moment.best.id)
        for group in (group for group in kept if group[0].best.id in alike):
            first = group[0]
            if (
                pictures.same(moment.best.id, first.best.id)
                and (moment.why, moment.snippet) == (first.why, first.snippet)
                and all(moment.video.id != other.video.id for other in group)
            ):
                group.append(moment)
                break
        else:
            kept.append([moment])
    return [replace(first, copies=tuple(copies)) for first, *copies in kept[:limit]]


def found_moments(moments: Sequence[Moment]) -> tuple[FoundMoment, ...]:
    """Return moments as plain data."""
    return tuple(
        FoundMoment(
            video_id=moment.video.id,
            keyframe_id=moment.best.id,
            time=moment.time,
            start=moment.start,
            end=moment.end,
            score=moment.score,
            why=tuple(map(str, moment.why)),
            snippet=moment.snippet.text,
            marks=moment.snippet.marks,
            by_meaning=moment.by_meaning,
            shows=moment.shows,
            copies=tuple(Copy(copy.video.id, copy.best.id, copy.time) for copy in moment.copies),
            weaker=moment.score < CUT_OFF,
        )
        for moment in moments
    )
