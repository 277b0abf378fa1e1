"""Joining what pictures, spoken words, words on screen and titles say into moments, best first. Pure functions.

Every source gives hits with a confidence that is comparable across sources. Hits that lie over each other make one
moment; what supports it from another source raises its confidence as independent evidence does. The order is by
reciprocal rank fusion, every source's vote weighed by its confidence: being first among poor hits is worth little.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

CUT_OFF = 0.5  # confidence below which nothing matches
WEAKER = 0.2  # and below which there is no point in showing even weaker matches
TITLED = 0.3  # the cut-off of pictures and words in a video whose title matches, too
RANK_OFFSET = 20
"""How slowly a vote falls with the rank: the usual 60 is for lists of thousands."""
CLOSE = 2.0  # seconds between two texts of one moment


class Why(StrEnum):
    """Why a moment matches."""

    PICTURE = "picture"
    SAID = "said"
    SCREEN = "on screen"
    TITLE = "title"
    CHAPTER = "chapter"
    DESCRIBED = "described"
    NOTE = "note"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class SourceHit:
    """What one source found.

    Attributes:
        video_id: the video.
        start: seconds.
        end: seconds.
        at: seconds where it matches best.
        why: the source.
        confidence: 0..1.
        keyframe_id: of a picture.
        text: that matches, with `marks` where.
        marks: spans of the matching words in the text.
        by_meaning: whether the text says it in other words.
        shows: what a picture has of `encoders.attributes.NAMES`.
    """

    video_id: int
    start: float
    end: float
    at: float
    why: Why
    confidence: float
    keyframe_id: int | None = None
    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    by_meaning: bool = False
    shows: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is about the whole video, as titles are, and notes without a time."""
        return math.isinf(self.end)


@dataclass(slots=True)
class Joined:
    """Hits that make one moment: its span, and the best hit of each source."""

    video_id: int
    start: float
    end: float
    best: dict[Why, SourceHit] = field(default_factory=dict)
    order: float = 0.0

    def take(self, hit: SourceHit, *, extend: bool) -> None:
        """Count a hit in; as a whole, or only as support."""
        if extend:
            self.start, self.end = min(self.start, hit.start), max(self.end, hit.end)
        known = self.best.get(hit.why)
        if known is None or (hit.confidence > known.confidence and not hit.is_whole):
            self.best[hit.why] = hit

    @property
    def confidence(self) -> float:
        """How sure all sources together are, 0..1."""
        sure = [hit.confidence for hit in self.best.values()]
        return sure[0] if len(sure) == 1 else 1 - math.prod(1 - confidence for confidence in sure)

    @property
    def strongest(self) -> SourceHit:
        """The surest hit that has a time of its own, or else that of the whole video."""
        return max(self.best.values(), key=lambda hit: (not hit.is_whole, hit.confidence))


def fuse(hits: Iterable[SourceHit], *, cut_off: float = CUT_OFF) -> list[Joined]:
    """Join hits into moments, best first.

    Args:
        hits: of all sources. Those of a whole video support its moments; without any, the video is the moment.
        cut_off: the least confidence of a moment.
    """
    by_video: dict[int, list[SourceHit]] = defaultdict(list)
    title_of: dict[int, SourceHit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.confidence, hit.start, hit.end, hit.why)):
        if not hit.is_whole:
            by_video[hit.video_id].append(hit)
        elif hit.video_id not in title_of or hit.confidence > title_of[hit.video_id].confidence:
            title_of[hit.video_id] = hit
    moments: list[Joined] = []
    for video_id in by_video.keys() | title_of.keys():
        own, title = by_video.get(video_id, []), title_of.get(video_id)
        if _is_worth_joining(own, title, cut_off):
            moments += _of_video(video_id, own, title, cut_off)
    _rank(moments)
    return sorted(moments, key=lambda moment: (-moment.order, -moment.confidence, moment.video_id, moment.start))


def _is_worth_joining(hits: list[SourceHit], title: SourceHit | None, cut_off: float) -> bool:
    """Whether something may come of a video, of which most that is found is a picture that matches too little.

    Args:
        hits: that have a time, the surest first.
        title: the surest of the others.
        cut_off: the least confidence of a moment.
    """
    surest = max([hit.confidence for hit in (*hits[:1], title) if hit is not None])
    return surest >= cut_off or any(hit.why != Why.PICTURE for hit in hits)


def _of_video(video_id: int, hits: list[SourceHit], title: SourceHit | None, cut_off: float) -> list[Joined]:
    lower = min(cut_off, TITLED if title is not None and title.confidence >= cut_off else cut_off)
    strong = [hit for hit in hits if hit.confidence >= lower]
    moments = _merged(video_id, strong)
    for hit in hits:
        if WEAKER <= hit.confidence < lower:
            over = [moment for moment in moments if hit.start <= moment.end and moment.start <= hit.end]
            for moment in over:
                moment.take(hit, extend=False)
            if not over and hit.why != Why.PICTURE:
                moments.append(Joined(video_id, hit.start, hit.end, {hit.why: hit}))
    _support_by_pictures(moments, [hit for hit in hits if hit.why == Why.PICTURE])
    if title is not None:
        for moment in moments:
            moment.take(title, extend=False)
    kept = [moment for moment in moments if moment.confidence >= cut_off]
    if title is not None:
        kept = [moment for moment in kept if _own(moment) >= min(lower, cut_off)]
    if not kept and title is not None and title.confidence >= cut_off:
        kept = [Joined(video_id, title.start, title.end, {title.why: title})]
    return kept


def _own(moment: Joined) -> float:
    """Return the confidence of what has a time of its own."""
    return Joined(0, 0, 0, {why: hit for why, hit in moment.best.items() if not hit.is_whole}).confidence


def _support_by_pictures(moments: list[Joined], pictures: list[SourceHit]) -> None:
    for moment in moments:
        for hit in pictures:
            if hit.confidence >= WEAKER and hit.start < moment.end and moment.start < hit.end:
                moment.take(hit, extend=False)


def _merged(video_id: int, hits: list[SourceHit]) -> list[Joined]:
    """Merge hits that touch; words that follow each other closely are one moment as well."""
    moments: list[Joined] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        gap = 0.0 if hit.why == Why.PICTURE else CLOSE
        if not moments or hit.start > moments[-1].end + gap:
            moments.append(Joined(video_id, hit.start, hit.end))
        moments[-1].take(hit, extend=True)
    return moments


def _rank(moments: list[Joined]) -> None:
    """Give every moment its place: the sum of its sources' votes."""
    for why in Why:
        voted = [moment for moment in moments if why in moment.best]
        ranked = sorted(voted, key=lambda moment: -moment.best[why].confidence)
        rank, before = 0, 2.0
        for number, moment in enumerate(ranked):
            confidence = moment.best[why].confidence
            if confidence < before:
                rank, before = number, confidence
            moment.order += confidence / (RANK_OFFSET + rank)
