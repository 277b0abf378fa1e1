"""A list of chapters for YouTube: what it asks of one, and what is said of what was changed."""

import pytest

from retake_core.export.youtube import to_youtube
from retake_core.library.description import Chapter
from retake_core.protocol.export_order import Note

CASES: list[tuple[list[tuple[float, str]], float, str, list[tuple[str, float]]]] = [
    ([(0.0, "A"), (15.9, "B"), (3700.0, "C")], 3800.0, "0:00 A|0:15 B|1:01:40 C", []),
    ([(4.2, "A"), (15.0, "B"), (30.0, "C")], 90.0, "0:00 A|0:15 B|0:30 C", [("moved to the start", 4)]),
    ([(12.0, "A"), (30.0, "B")], 90.0, "0:00 party|0:12 A|0:30 B", [("added a start", 12)]),
    ([(0.0, "A"), (9.9, "B"), (10.0, "C"), (25.0, "D")], 90.0, "0:00 A|0:10 C|0:25 D", [("joined", 1)]),
    ([(0.0, "A"), (10.0, "B"), (20.0, "C"), (31.0, "D")], 40.9, "0:00 A|0:10 B|0:20 C", [("joined", 1)]),
    ([(0.0, "A"), (10.0, "B"), (20.0, "C")], 0.0, "0:00 A|0:10 B|0:20 C", []),
    ([(0.0, "A"), (5.0, "B")], 8.0, "0:00 A|0:05 B", [("few entries", 1)]),
    ([(0.0, "A"), (5.0, "B"), (12.0, "C")], 60.0, "0:00 A|0:05 B|0:12 C", [("few entries", 2)]),
    ([(0.0, "one\ntwo <3>"), (10.0, "B")], 60.0, "0:00 one two ‹3›|0:10 B", [("few entries", 2)]),
]


@pytest.mark.parametrize(("parts", "duration", "lines", "notes"), CASES)
def test_it_is_a_list_that_youtube_takes(
    parts: list[tuple[float, str]], duration: float, lines: str, notes: list[tuple[str, float]]
) -> None:
    told = [Chapter(start, start + 1.0, title, "A sentence.") for start, title in parts]
    text, said = to_youtube(told, duration, "party")
    assert text == lines.replace("|", "\n") + "\n"
    assert said == tuple(Note(kind, value) for kind, value in notes)  # type: ignore[arg-type]
