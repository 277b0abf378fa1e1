"""The times that a model writes in its answer, as people write them in English, German and Chinese.

Only moments of the video count: how long something takes, and what a clock in the picture shows, say nothing of
where it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retake_core.videollm.evidence import Citation
from retake_core.videollm.words import Line


@dataclass(frozen=True)
class ParsedTime:
    """A time that the model wrote in its answer.

    Attributes:
        text: as it was written.
        seconds: what it means; of a range, its beginning.
        supported: whether it lies in the video and near a citation, or within a line that the model was given.
    """

    text: str
    seconds: float
    supported: bool


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?)"
_WORD_END = r"(?![a-zäöüß])"
_HOUR = rf"(?:hours?|hrs?|h|stunden?|std\.?){_WORD_END}|个?小时|個?小時|个钟头|個鐘頭"
_MINUTE = rf"(?:minuten?|minutes|mins?|m){_WORD_END}|分[钟鐘]?"
_SECOND = rf"(?:seconds?|secs?|sekunden?|sek|s){_WORD_END}|秒[钟鐘]?"
_PART = re.compile(
    rf"(?P<number>{_NUMBER})\s*-?\s*(?:(?P<hour>{_HOUR})|(?P<minute>{_MINUTE})|(?P<second>{_SECOND}))",
    re.IGNORECASE,
)
_HOURS, _MINUTES, _SECONDS = (rf"{_NUMBER}\s*-?\s*(?:{unit})" for unit in (_HOUR, _MINUTE, _SECOND))
_THEN = r"\s*,?\s*(?:(?:and|und)\b|[&零又和])?\s*"
_SPOKEN = rf"{_HOURS}(?:{_THEN}{_MINUTES})?(?:{_THEN}{_SECONDS})?|{_MINUTES}(?:{_THEN}{_SECONDS})?|{_SECONDS}"
_TIME = re.compile(
    r"(?<![\d:：.,])(?:(?P<clock>\d{1,3}(?:[:：][0-5]\d){1,2}(?:\.\d+)?)(?![\d:：])"
    r"|(?P<minutes>\d+)['′’]\s*(?P<seconds>[0-5]?\d)(?:[\"″”]|'')"
    rf"|(?:(?P<first>{_NUMBER})\s*(?:[-–—~]|to\b|bis\b|[到至])\s*)?(?P<spoken>{_SPOKEN}))",
    re.IGNORECASE,
)
_METRES_OR_POINTS = re.compile(rf"{_NUMBER}\s*-?\s*[m分]", re.IGNORECASE)

_ABOUT = (
    r"(?:[\s,:：(]|\b(?:about|around|approximately|roughly|nearly|almost|only|just|some|at least|at most|up to"
    r"|exactly|over|under|more than|less than|another|a total of|the|a|of|is|was"
    r"|etwa|ungefähr|rund|ca\.|circa|nur|fast|von|ist|beträgt)\b|大约|约|大概|将近|只有?|[了是为])*$"
)
_LASTS = re.compile(
    r"(?:\b(?:lasts?|lasted|lasting|takes?|took|taking|spans?|spanning|spends?|spent|for|every|within|duration|length"
    r"|first|next|dauert|dauerte|dauern|dauer|für|während|alle|ersten|letzten|nächsten)\b"
    r"|\b(?:video|clip|recording|film)\s+(?:is|was|ist|runs)\b"
    rf"|持续|历时|长达|时长|总?共|花|用|过|每|前|后){_ABOUT}",
    re.IGNORECASE,
)
_IS_LENGTH = re.compile(
    r"\s*-?\s*(?:(?:long|later|earlier|apart|each|ago|tall|high|of\s+(?:footage|video)|before|lang|später|früher"
    r"|vorher|danach)\b|after\b(?!\s+the\s+(?:start|beginning))|之久|长)",
    re.IGNORECASE,
)
_AFTER_IN_CHINESE = re.compile(r"\s*(?:之|以)?[后前]")
_POINT_IN_CHINESE = re.compile(r"[在从第于到至自]\s*$")
_HYPHENATED = re.compile(r"\d\s*-\s*(?:second|minute|hour)$", re.IGNORECASE)
_IS_MOMENT = re.compile(r"\s*-?\s*(?:mark|point|into)\b", re.IGNORECASE)
_DECADE = re.compile(r"(?:1\d|20)?\d0s", re.IGNORECASE)
_OF_A_DECADE = re.compile(r"\b(?:the|early|late|mid)[\s-]+$", re.IGNORECASE)

_CLOCK_SHOWS = re.compile(
    r"(?:(?:\bclock|watch|timer|scoreboard|display|(?<![a-z])phone|uhr)\b[^.;!?\n]{0,40}"
    r"\b(?:shows?|showing|reads?|reading|says?|displays?|indicates?|stands at|time is|zeigt|steht auf)\b"
    r"|[钟鐘表錶][^。；！？\n]{0,20}(?:显示|顯示|指向|是)|\bratio\b|\d[-/.]\d{1,2}[-/.]\d{1,4}T?)"
    rf"(?:\s*(?:the time|a time|time)\b)?{_ABOUT}",
    re.IGNORECASE,
)
_ON_A_CLOCK = re.compile(
    r"\s*(?:[ap]\.?m\b|uhr\b|o'clock|(?:on|auf)\s+(?:the|a|his|her|their|its|der|einer)\s[\w\s]{0,20}(?:clock|watch|uhr)\b)",
    re.IGNORECASE,
)
_WALL_IN_CHINESE = re.compile(r"\d\s*[点點]\s*(?:\d+\s*分\s*)?$")
_CONTEXT = 80  # characters before a time that may say what it is


def written_times(
    answer: str,
    citations: Sequence[Citation],
    duration: float,
    tolerance: float,
    lines: Sequence[Line] = (),
) -> list[ParsedTime]:
    """Find the moments in an answer ("3:20", "3m20s", "1 hour 2 minutes", "3分20秒") and check them.

    Args:
        answer: the text.
        citations: what the evidence shows.
        duration: of the video, in seconds.
        tolerance: how far from a citation, in seconds, a time may lie.
        lines: what is said or written in the video, as far as the model was given it.
    """
    times = []
    for match in _TIME.finditer(answer):
        before, after = answer[max(0, match.start() - _CONTEXT) : match.start()], answer[match.end() :]
        if not _is_moment(match, before, after):
            continue
        seconds = _seconds(match)
        near = any(c.start - tolerance <= seconds <= c.end + tolerance for c in citations)
        seen = near and seconds <= duration + tolerance
        times.append(ParsedTime(match[0], seconds, seen or any(line.covers(seconds) for line in lines)))
    return times


def _is_moment(match: re.Match[str], before: str, after: str) -> bool:
    """Return whether a time says where in the video something is."""
    if _IS_MOMENT.match(after):
        return True
    spoken = match["spoken"]
    if spoken is None:
        on_a_wall = _CLOCK_SHOWS.search(before) or _ON_A_CLOCK.match(after)
        is_height = match["minutes"] and _IS_LENGTH.match(after)
        return not (on_a_wall or is_height or _LASTS.search(before))
    if _METRES_OR_POINTS.fullmatch(spoken) or _WALL_IN_CHINESE.search(before):
        return False
    if _DECADE.fullmatch(spoken) and _OF_A_DECADE.search(before):
        return False
    if _AFTER_IN_CHINESE.match(after) and not _POINT_IN_CHINESE.search(before):
        return False
    return not (_LASTS.search(before) or _IS_LENGTH.match(after) or _HYPHENATED.search(spoken))


def _seconds(match: re.Match[str]) -> float:
    if match["clock"]:
        seconds = 0.0
        for part in re.split("[:：]", match["clock"]):
            seconds = 60 * seconds + float(part)
        return seconds
    if match["minutes"]:
        return 60 * float(match["minutes"]) + float(match["seconds"])
    parts = list(_PART.finditer(match["spoken"]))
    if match["first"] and len(parts) == 1:
        return _number(match["first"]) * _unit(parts[0])
    return sum(_number(part["number"]) * _unit(part) for part in parts)


def _unit(part: re.Match[str]) -> float:
    return 3600.0 if part["hour"] else 60.0 if part["minute"] else 1.0


def _number(text: str) -> float:
    thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+", text)
    return float(text.replace(",", "" if thousands else "."))
