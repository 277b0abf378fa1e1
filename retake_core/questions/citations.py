"""What an answer cites: stretches of videos of the library, with the keyframes that are on screen there."""

from collections.abc import Iterable, Sequence
from itertools import chain

from retake_core.library.keyframes import KeyframeEntry
from retake_core.media.frames import SAME_TIME
from retake_core.protocol.question_events import Cited, CitedLine, SourcesFound, WrittenTime
from retake_core.questions.asked_video import AskedVideo
from retake_core.videollm.events import Citations
from retake_core.videollm.evidence import Citation
from retake_core.videollm.words import Line
from retake_core.videollm.written_times import ParsedTime


def sources_found(evidence: Citations, videos: Sequence[AskedVideo], lines: Sequence[Line] = ()) -> SourcesFound:
    """Return what an answer rests on, strongest first, and where the times in its text lie.

    Args:
        evidence: what the engine found.
        videos: those of the prompt, in its order; one may be there several times.
        lines: that the answer cites.
    """
    citations = tuple(_cited(videos[citation.clip], citation) for citation in evidence.citations)
    quotes = tuple(
        CitedLine(videos[line.clip].entry.id, line.start, line.end, line.text, line.on_screen) for line in lines
    )
    written = tuple(_written(time, _video_at(time.seconds, citations, lines, videos)) for time in evidence.written)
    return SourcesFound(citations, written, quotes)


def _cited(video: AskedVideo, citation: Citation) -> Cited:
    keyframe = _keyframe_id(video.keyframes, citation.time)
    span = citation.time, citation.start, citation.end
    return Cited(video.entry.id, keyframe, *span, citation.strength, citation.confirmed)


def _written(time: ParsedTime, video: AskedVideo | None) -> WrittenTime:
    if video is None:
        return WrittenTime(time.text, time.seconds, time.supported)
    keyframe = _keyframe_id(video.keyframes, time.seconds)
    return WrittenTime(time.text, time.seconds, time.supported, video.entry.id, keyframe)


def _video_at(
    seconds: float, citations: Iterable[Cited], lines: Iterable[Line], videos: Sequence[AskedVideo]
) -> AskedVideo | None:
    """Return the video that a time in the text lies in; None where there are several and none is cited there."""
    by_id = {video.entry.id: video for video in videos}
    if len(by_id) == 1:
        return videos[0]
    cited = (by_id[c.video_id] for c in citations if c.start <= seconds <= c.end or c.time == seconds)
    quoted = (videos[line.clip] for line in lines if line.covers(seconds))
    return next(chain(cited, quoted), None)


def _keyframe_id(keyframes: Sequence[KeyframeEntry], seconds: float) -> int | None:
    """Return the keyframe that stands for a time: the last one up to it."""
    earlier = (keyframe.id for keyframe in reversed(keyframes) if keyframe.time <= seconds + SAME_TIME)
    return next(earlier, None)
