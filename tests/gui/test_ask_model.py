"""Asking in the window, from the question to the frame, with a model that knows the clips."""

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.protocol.question_outcome import AnswerState
from retake_core.settings import change_settings
from tests.gui.driving import SLOW, Opener, ask, ask_panel, assert_shows, entry, open_video
from tests.support.in_process import decode_in_threads
from tests.support.shapes import FRAMES, MODEL, asked_of, make_shapes


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        decode_in_threads(patch)
        return make_shapes(tmp_path_factory.mktemp("shapes"))


def test_from_a_question_to_the_frame(open_desktop: Opener, shapes: Path, tmp_path: Path, qtbot: QtBot) -> None:
    data = DataDir(tmp_path / "data")
    shutil.copytree(shapes / "data", data.root)
    change_settings(data.settings, model=None)
    desktop = open_desktop(data.root)
    window, page, side = desktop.window, desktop.window.page, ask_panel(desktop)

    open_video(desktop, qtbot, "colours.mp4")
    found = ask(desktop, qtbot, "blue")
    assert found.state == AnswerState.MOMENTS
    assert "No model" in found.reason
    qtbot.waitUntil(lambda: bool(side.view.views[0].chips) and side.choose_model.isVisible(), timeout=SLOW)
    side.view.views[0].chips[0].click()
    qtbot.waitUntil(lambda: page.reel.time >= 12 and page.player.arrived, timeout=SLOW)
    assert_shows(desktop, entry(desktop, "colours.mp4").path, 14.0)

    side.choose_model.click()
    assert desktop.preferences.isVisible()
    desktop.preferences.close()
    desktop.store.change(model=str(MODEL))
    qtbot.waitUntil(lambda: side.asker.plan is not None and side.asker.plan.plan is not None, timeout=SLOW)
    open_video(desktop, qtbot, "shapes-01.mp4")
    assert page.reel.kept == []
    qtbot.waitUntil(lambda: side.asker.plan is not None and side.asker.plan.plan is not None, timeout=SLOW)
    assert not side.choose_model.isVisible()
    assert f"Looks at {FRAMES} moments" in side.plan.text.text()
    when = asked_of(shapes, "when")
    answer = ask(desktop, qtbot, when["text"])
    assert (answer.state, answer.measured and answer.measured.from_memory) == (AnswerState.ANSWERED, False)
    view = side.view.views[0]
    qtbot.waitUntil(lambda: bool(view.chips), timeout=SLOW)
    cited = view.chips[0].cited
    assert when["about"]["start"] - 1 <= cited.time <= when["about"]["stop"]
    view.chips[0].click()
    qtbot.waitUntil(lambda: page.reel.time > when["about"]["start"] - 1 and page.player.arrived, timeout=SLOW)
    assert_shows(desktop, entry(desktop, "shapes-01.mp4").path, cited.time)

    qtbot.waitUntil(lambda: len(page.reel.kept) == FRAMES // 2, timeout=SLOW)
    assert all(share == pytest.approx(1.0) for _, share in page.reel.kept)
    items = window.library.model
    qtbot.waitUntil(lambda: [i.entry.path.name for i in items.items if i.ready] == ["shapes-01.mp4"], timeout=SLOW)
    colour = asked_of(shapes, "colour")
    again = ask(desktop, qtbot, colour["text"])
    assert again.answer == colour["answer"]
    assert again.measured is not None
    assert again.measured.from_memory
