"""Moments as they are typed on the command line."""

import pytest

from retake_core.cli.moments import parse_moment, parse_span
from retake_core.errors import UserError


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("party.mp4@1:05", ("party.mp4", 65.0, 65.0)),
        ("party.mp4@1:05-1:20.5", ("party.mp4", 65.0, 80.5)),
        ("a@b-c.mp4@0:00:01-2", ("a@b-c.mp4", 1.0, 2.0)),
    ],
)
def test_spans(text: str, span: tuple[str, float, float]) -> None:
    assert parse_span(text) == span
    if span[1] == span[2]:
        assert parse_moment(text) == span[:2]


@pytest.mark.parametrize(
    "text", ["some-folder/party.mp4", "party.mp4@", "party.mp4@nan", "@1:05", "party.mp4@1:05-"]
)
def test_what_names_no_moment_is_told_as_it_was_typed(text: str) -> None:
    for parse in (parse_moment, parse_span):
        with pytest.raises(UserError, match=f"^{text} names no moment"):
            parse(text)


def test_a_span_that_ends_before_it_begins() -> None:
    with pytest.raises(UserError, match=r"^party\.mp4@1:05-1:00 ends before it begins"):
        parse_span("party.mp4@1:05-1:00")
