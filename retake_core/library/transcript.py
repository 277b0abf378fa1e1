"""What is said in a video, from the sources that the library has."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import text
from retake_core.library.texts import SPEECH, TextEntry, TextKind
from retake_core.media.subtitles.cues import Cue

_TRUST = {"beside": 4.0, "inside": 2.0, SPEECH: 1.0}
"""How much words count that a person put beside a recording, that its maker put in, or that a model heard."""


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """What one source says, to be shown while the video plays.

    Attributes:
        source: names it: a file, a stream of the video, or the speech model.
        language: as a tag such as "en", or None.
        partial: it writes down signs or foreign words only.
        cues: in order of time.
    """

    source: str
    language: str | None
    partial: bool
    cues: tuple[Cue, ...]


@dataclass(slots=True)
class _Source:
    """What one source writes down.

    Attributes:
        partial: it writes down signs or foreign words only.
        languages: of its lines, but for lines of none.
    """

    name: str
    partial: bool = False
    lines: list[TextEntry] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)

    @property
    def words(self) -> float:
        """How much it says, as far as it can be trusted."""
        count = sum(len(line.content.split()) or 1 for line in self.lines)
        return count * _TRUST.get(self.name.partition(":")[0], 1.0)


def spoken(connection: Connection, video_id: int) -> list[TextEntry]:
    """Return what is said in a video, in order of time.

    The source that says most speaks: subtitles beside the file or in it, or a speech model. Where it is silent,
    other subtitles of its language add what they have.
    """
    sources = _ranked(connection, video_id)
    if not sources:
        return []
    first, *others = sources
    lines = list(first.lines)
    for source in others:
        if source.name == SPEECH:
            continue  # where people wrote nothing, nothing was said
        if not first.languages or not source.languages or first.languages & source.languages:
            lines += _beside(source.lines, lines)
    return sorted(lines, key=lambda line: (line.start or 0.0, line.id))


def subtitle_tracks(connection: Connection, video_id: int) -> list[SubtitleTrack]:
    """Return all that is written down of what is said in a video, the source that says most first."""
    return [
        SubtitleTrack(
            source.name,
            min(source.languages, default=None),
            source.partial,
            tuple(Cue(line.start or 0.0, line.end or 0.0, line.content, line.speaker) for line in source.lines),
        )
        for source in _ranked(connection, video_id)
    ]


def _ranked(connection: Connection, video_id: int) -> list[_Source]:
    sources = _sources(connection, video_id)
    return sorted(sources, key=lambda source: (source.partial, -source.words, -len(source.lines)))


def _sources(connection: Connection, video_id: int) -> list[_Source]:
    statement = (
        select(text)
        .where(text.c.video_id == video_id, text.c.kind == TextKind.SPOKEN, text.c.start_us.is_not(None))
        .order_by(text.c.start_us, text.c.id)
    )
    sources: dict[str, _Source] = defaultdict(lambda: _Source(""))
    for row in connection.execute(statement):
        end = row.start_us if row.end_us is None else row.end_us
        times = row.start_us / MICROSECONDS, end / MICROSECONDS
        source = sources[row.source]
        source.name, source.partial = row.source, bool(row.partial)
        said = row.content, row.speaker, row.language
        source.lines.append(TextEntry(row.id, video_id, TextKind.SPOKEN, *times, *said))
        if row.language:
            source.languages.add(row.language.split("-")[0])
    return list(sources.values())


def _beside(lines: Sequence[TextEntry], spoken_lines: Sequence[TextEntry]) -> list[TextEntry]:
    """Return the lines during which nothing else is said."""
    spans = [(line.start or 0.0, line.end or 0.0) for line in spoken_lines]
    return [
        line
        for line in lines
        if not any(start < (line.end or 0.0) and (line.start or 0.0) < end for start, end in spans)
    ]
