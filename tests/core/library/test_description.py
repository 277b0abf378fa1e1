"""What a recording is about, as its file names it or as a person wrote it."""

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retake_core.errors import UserError
from retake_core.library.description import Chapter, DescribedBy, Description, arranged
from retake_core.library.description_file import parse_file

TIMES = st.floats(0, 200, allow_nan=False)


def test_lines_as_video_sites_write_them() -> None:
    told = parse_file("0:00 Introduction\n\n1:05 - The cake\r\n1:02:03.5 “Good bye”\n".encode(), "list.txt")
    assert [(each.start, each.title) for each in told.chapters] == [
        (0.0, "Introduction"),
        (65.0, "The cake"),
        (3723.5, "“Good bye”"),
    ]
    assert told.by == DescribedBy.HAND
    assert {each.end for each in told.chapters} == {math.inf}


def test_a_list_without_ends_needs_no_remark() -> None:
    told = parse_file(b"0:00 One\n0:05 Two", "list.txt")
    assert arranged(told.chapters, 10.0) == ([Chapter(0.0, 5.0, "One"), Chapter(5.0, 10.0, "Two")], [])


def test_what_the_command_line_writes_is_read_again() -> None:
    parts = [{"start": 0.0, "end": 5.0, "title": "Dough", "text": "Flour and water."}]
    document = {"video": "/v/a.mp4", "title": "Bread", "summary": "How to bake.", "chapters": parts, "by": "file"}
    told = parse_file(json.dumps(document).encode(), "bread.json")
    wanted = Description(
        "Bread", "How to bake.", (Chapter(0.0, 5.0, "Dough", "Flour and water."),), DescribedBy.HAND
    )
    assert told == wanted
    assert parse_file(json.dumps(parts).encode(), "bread.json").chapters == wanted.chapters


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"dear diary",
        b"0:00 One\nand then",
        b"{}",
        b"[]",
        b'{"chapters": 3}',
        b'[{"start": "0", "title": "One"}]',
        b'[{"start": -1, "title": "One"}]',
        b'[{"start": NaN, "title": "One"}]',
        b'[{"start": 0, "end": NaN, "title": "One"}]',
        b'[{"start": 1%s, "title": "One"}]' % (b"0" * 400),
        b'[{"start": 0, "title": ""}]',
        b'[{"start": 0, "title": 7}]',
        b'[{"start": 0, "title": "\\ud800"}]',
        b"[" * 100_000,
        b'{"title": ["a"]}',
        json.dumps([{"start": 0, "title": "long" * 1000}]).encode(),
        json.dumps([{"start": second, "title": "many"} for second in range(1001)]).encode(),
    ],
)
def test_what_is_no_list_of_chapters_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match=r"notes\.txt holds no chapters: .*Nothing was changed\."):
        parse_file(content, "notes.txt")


def test_disorder_is_put_right_and_said() -> None:
    told = [Chapter(50, 80, "b"), Chapter(0, 60, "a"), Chapter(50, 90, "c"), Chapter(120, 130, "d")]
    kept, remarks = arranged(told, 100.0)
    assert kept == [Chapter(0, 50, "a"), Chapter(50, 90, "c")]
    assert remarks == [
        "They are put in order of time.",
        "What begins after the end of the recording is left out.",
        "Chapters are cut where the next one or the end comes.",
        "Chapters that have no time before the next one are left out.",
    ]


@given(st.lists(st.builds(Chapter, TIMES, TIMES, st.just("x"))), st.one_of(st.just(0.0), TIMES))
def test_arranged_chapters_follow_each_other(told: list[Chapter], duration: float) -> None:
    kept, remarks = arranged(told, duration)
    for before, after in itertools.pairwise(kept):
        assert before.end <= after.start
    assert all(each.start < each.end for each in kept)
    if duration:
        assert all(each.end <= duration for each in kept)
    assert bool(remarks) or [(each.start, each.end) for each in kept] == [(each.start, each.end) for each in told]
    assert arranged(kept, duration) == (kept, []), "it holds"
