"""Words are compared without case, accents and endings, in scripts with spaces and without."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retake_core.library.words import Word, title_tokens, tokens
from retake_core.search.snippets import LENGTH, Snippet, snippet


def stems(found: list[Word]) -> set[str]:
    return {token.stem for token in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bicycles", "bicycle"),
        ("GRÖSSE", "größe"),
        ("naïve café", "naive cafe"),
        ("mum's cake", "mum cake"),
        ("ＦＵＬＬ", "full"),
        ("ﬁne", "fine"),
        ("Привет", "привет"),
        ("ハッピー", "ﾊｯﾋﾟｰ"),
        ("don’t", "don't"),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    assert stems(tokens(one)) == stems(tokens(other))


def test_marks_that_make_a_letter_stay() -> None:
    assert stems(tokens("が")) != stems(tokens("か"))
    assert [token.word for token in tokens("हिन्दी में")] == ["हिन्दी", "में"]


def test_scripts_without_spaces_are_split_into_signs() -> None:
    assert [token.word for token in tokens("生日 cake 快乐2023")] == ["生", "日", "cake", "快", "乐", "2023"]
    assert [token.word for token in tokens("생일")] == ["생", "일"]


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    for found in (tokens(text), title_tokens(text)):
        for token in found:
            assert 0 <= token.start < token.end <= len(text)
            assert token.stem
            assert not set(token.stem) & set(" \"'*:()-_")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IMG_20190714_beachParty", "2019 07 14 20190714 july beach party beachparty img"),
        ("GOPR0042", "gopr 0042 gopr0042"),
        ("2021-08-03 lake 2021_08_03", "august 2021 08 03 lake"),
        ("VID-20230501-WA0003", "may 2023 wa0003"),
        ("HTMLParser talk", "html parser htmlparser talk"),
        ("北京2019春节", "北 京 2019"),
    ],
)
def test_names_are_split_as_people_read_them(name: str, words: str) -> None:
    assert stems(tokens(words)) <= stems(title_tokens(name))


def test_eight_digits_that_are_no_day() -> None:
    assert stems(title_tokens("clip 20191399")) == {"clip", "20191399"}


@given(st.text(min_size=1), st.data())
def test_a_snippet_shows_its_marks(text: str, data: st.DataObject) -> None:
    text *= data.draw(st.integers(1, 40))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 20)))
    found = snippet(text, [(start, end)])
    assert len(found.text) <= LENGTH + 2
    ((first, last),) = found.marks
    assert re.sub(r"\s", " ", text[start:end]).startswith(found.text[first:last])
    assert first < last


def test_a_snippet_is_one_line() -> None:
    assert snippet("12:00\nHarbour tour\t2024", [(6, 13)]) == Snippet("12:00 Harbour tour 2024", ((6, 13),))
