"""The page of an answer: what it says, in whose language, and that nothing in it is mark-up."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from retake_core.errors import UserError
from retake_core.export.page_words import CHAPTERS, EVIDENCE, LIMITS, ORIGIN, RESTS_ON, VIDEOS, WORDS
from retake_core.export.service import ExportService
from retake_core.library.database import Database
from retake_core.library.description import Chapter, Description, describe
from retake_core.library.history import Details, begin_message, find_message, finish_message
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.protocol.export_order import Order
from retake_core.protocol.question_events import Cited, Measured, QuestionPlan, WrittenTime
from retake_core.protocol.question_outcome import AnswerState
from tests.core.export.test_export import run, size
from tests.support.colour_library import Library
from tests.support.in_process import decode_in_threads


@pytest.fixture
def exporter(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExportService]:
    decode_in_threads(monkeypatch)
    decoder = LastingDecoder()
    yield ExportService(database, decoder)
    decoder.close()


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.pictures: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "img":
            self.pictures.append(dict(attrs)["src"] or "")

    def handle_data(self, data: str) -> None:
        self.words += data


EVIL = '<script>alert("1")</script> & <img src=x onerror=a> [x](http://a) **b** 0:12'


@pytest.fixture
def asked(database: Database, library: Library) -> int:
    """Return the id of an answer of hostile words about a hostile name."""
    about = library.add(f"/videos/{EVIL.replace('/', '')}.mp4", "red green", pictures=True)
    plan = QuestionPlan("tiny", 64, 1000, 250, 0.25, 1, None, False, False)
    details = Details(
        (f"Careful {EVIL}",),
        (WrittenTime("0:12", 12.0, True), WrittenTime("0:50", 50.0, False)),
        plan=plan,
        measured=Measured(False, 64, 1000, 250, 5, 6, 2.5),
    )
    with database.writing() as connection:
        _, message = begin_message(connection, f"What? {EVIL}", video_id=about)
        cited = (Cited(about, None, 12.0, 10.0, 14.0, 0.75), Cited(about, None, 1.0, 0.0, 2.0, 0.25))
        finish_message(connection, message, AnswerState.ANSWERED, f"First {EVIL}\nsecond line", cited, details)
    return message


def test_an_answers_page_escapes_what_is_in_it(exporter: ExportService, asked: int, tmp_path: Path) -> None:
    target = tmp_path / "answer.html"
    run(exporter, Order("page", str(target), message_id=asked))
    page = Page(target.read_text("utf-8"))
    assert "script" not in page.tags
    assert len(page.pictures) == 2
    assert all(picture.startswith("data:image/webp;base64,") for picture in page.pictures)
    for words in (f"First {EVIL}\nsecond line", f"What? {EVIL}", "Model: tiny", "0:10 to 0:14, strength 75%"):
        assert words in page.words
    assert "the evidence supports: 0:12" in page.words
    assert "does not show: 0:50" in page.words
    assert "The model saw 64 frames" in page.words


def test_a_page_names_the_chapters_that_it_rests_on(
    exporter: ExportService, database: Database, asked: int, tmp_path: Path
) -> None:
    with database.writing() as connection:
        about = find_message(connection, asked)[0].citations[0].video_id
        told = (
            Chapter(0.0, 9.0, "Red"),
            Chapter(9.0, 13.0, "Green", f"It is {EVIL}."),
            Chapter(13.0, 20.0, "Never"),
        )
        describe(connection, about, Description(chapters=told))
    run(exporter, Order("page", str(tmp_path / "answer.html"), message_id=asked))
    page = Page((tmp_path / "answer.html").read_text("utf-8"))
    assert "script" not in page.tags
    assert page.words.index("0:00 to 0:09 in") < page.words.index("“Green”. It is <script>")
    assert CHAPTERS in page.words
    assert "Never" not in page.words


def test_a_page_is_in_the_language_of_who_orders_it(exporter: ExportService, asked: int, tmp_path: Path) -> None:
    target, careful = tmp_path / "answer.html", f"Careful {EVIL}"
    words = (*((text, f"«{text}»") for text in WORDS), (careful, "Vorsicht"))
    run(exporter, Order("page", str(target), message_id=asked, language="de-DE", words=words))
    text = target.read_text("utf-8")
    page = Page(text)
    assert '<html lang="de-DE">' in text
    assert "Vorsicht" in page.words
    assert careful not in page.words
    for own in (RESTS_ON, VIDEOS, ORIGIN, LIMITS, EVIDENCE):
        assert page.words.count(own) == page.words.count(f"«{own}»") == 1
    assert "«Model: tiny»" in page.words
    run(exporter, Order("page", str(tmp_path / "answer.md"), message_id=asked, words=words))
    assert f"## «{RESTS_ON}»" in (tmp_path / "answer.md").read_text("utf-8")


def test_an_answer_in_markdown_has_its_pictures_beside_it(
    exporter: ExportService, asked: int, tmp_path: Path
) -> None:
    target = tmp_path / "an answer.md"
    run(exporter, Order("page", str(target)))  # the newest
    text = target.read_text("utf-8")
    pictures = sorted((tmp_path / "an answer-frames").iterdir())
    assert [picture.name for picture in pictures] == ["1-0.12.webp", "2-0.01.webp"]
    assert all(f"](<an answer-frames/{picture.name}>)" in text for picture in pictures)
    assert size(pictures[0]) == (64, 48)
    assert "<script>" not in text
    assert r"\*\*b\*\*" in text
    with pytest.raises(UserError, match="exists already"):
        run(exporter, Order("page", str(target)))
    run(exporter, Order("page", str(target), message_id=asked, replace=True))
    assert sorted(path.name for path in tmp_path.glob("an*")) == ["an answer-frames", "an answer.md"]
