"""What the engine says is read in the language of the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from retake_core.protocol import answers
from retake_core.protocol.indexing_events import Remarked
from retake_desktop.common import engine_sentences
from retake_desktop.common.engine_sentences import translated
from retake_desktop.engine.translation import in_window_language
from tests.support.paths import ROOT


@pytest.fixture
def chinese(qapp: QCoreApplication) -> Iterator[None]:
    translator = QTranslator(qapp)
    assert translator.load(str(ROOT / "retake_desktop/resources/translations/retake_zh_CN.qm"))
    qapp.installTranslator(translator)
    engine_sentences.translated.cache_clear()
    yield
    qapp.removeTranslator(translator)
    engine_sentences.translated.cache_clear()


SENTENCES = [
    ("The file is empty.", "文件是空的。"),
    ("Its pictures are too large to decode: 20000 x 30000.", "画面太大，无法解码：20000 x 30000。"),
    ("a.mp4 is not there now; connect its drive.", "a.mp4 目前不在，请接上所在的磁盘。"),
    # A name that reads like a sentence, or holds braces, stays as it is.
    ("{0} x {1}.mp4 is not there now; connect its drive.", "{0} x {1}.mp4 目前不在，请接上所在的磁盘。"),
    # A sentence within a sentence.
    (
        "The disk that holds /a is full; free some space. Indexing goes on by itself.",
        "/a 所在的磁盘已满，请腾出一些空间。索引会自动继续。",
    ),
    ("What nobody has ever said.", "What nobody has ever said."),
    ("", ""),
]


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(("said", "read"), SENTENCES)
def test_a_sentence_is_known_by_its_template(said: str, read: str) -> None:
    assert translated(said) == read


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("said", [said for said, _ in SENTENCES])
def test_english_stays_as_it_was_said(said: str) -> None:
    assert translated(said) == said


@pytest.mark.usefixtures("chinese")
def test_every_template_is_recognised_with_all_that_stands_in_it() -> None:
    for template in engine_sentences.TEMPLATES.read_text("utf-8").splitlines():
        said = template.format(*(f"<{number}>" for number in range(9)))
        read = translated(said)
        assert read != said, template
        for number in range(9):
            assert (f"<{number}>" in said) == (f"<{number}>" in read), template


@pytest.mark.usefixtures("chinese")
def test_answers_of_workers_come_translated() -> None:
    failed = in_window_language(answers.JobFailed(id=1, reason="The question is empty."))
    assert isinstance(failed, answers.JobFailed)
    assert failed.reason == "问题是空的。"
    event = Remarked(path="/a.mp4", text="The subtitle file is too large.")
    remarked = in_window_language(answers.JobEvent(id=2, event=event))
    assert isinstance(remarked, answers.JobEvent)
    assert isinstance(remarked.event, Remarked)
    assert remarked.event.text == "字幕文件太大。"
    plan = in_window_language(answers.PlanReady(id=3, reason="The question is empty.", note="The file is empty."))
    assert isinstance(plan, answers.PlanReady)
    assert (plan.reason, plan.note) == ("问题是空的。", "文件是空的。")
