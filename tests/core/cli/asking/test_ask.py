"""Questions from the command line."""

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.library.catalog import find_video
from retake_core.library.database import Database
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.media.process.source import ProcessSource
from retake_core.protocol.question_outcome import AnswerState
from retake_core.settings import change_settings
from tests.core.cli.asking.desk import FRAMES, Desk


def test_an_answer_tells_all_that_it_rests_on(desk: Desk) -> None:
    document = desk.ask("--video", "party.mp4")
    assert isinstance(document["answer"], str)
    assert document["citations"]
    for cited in document["citations"]:
        assert Path(cited["video"]).name == "party.mp4"
        assert 0 <= cited["seconds"] <= 30
        assert cited["start"] <= cited["end"]
        assert 0 < cited["strength"] <= 1
        thumbnail = Path(cited["thumbnail"])
        assert thumbnail.parent == desk.data.citations
        assert stat.S_IMODE(thumbnail.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.data.citations.stat().st_mode) == 0o700
    assert set(document["seconds"]) == {
        "load", "decode", "vision", "prefill", "first_token", "answer", "model_load", "total",
    }  # fmt: skip
    assert document["seconds"]["prefill"] > 0
    assert document["notices"] == document["moments"] == []


def test_a_thorough_answer_says_what_the_second_look_took_and_confirms(desk: Desk) -> None:
    document = desk.ask("--video", "party.mp4", "--thorough")
    assert document["plan"]["second_look"]["frames"] >= document["frames_again"] > 0
    assert {cited["confirmed"] for cited in document["citations"]} <= {True, False}
    assert desk.ask("--video", "party.mp4")["plan"]["second_look"] is None
    told, _ = desk.run("plan", "--video", "party.mp4", "--model", desk.model, "--frames", FRAMES, "--thorough")
    assert "second look" in told


def test_an_answer_is_kept_in_the_history(desk: Desk) -> None:
    document = desk.ask("--video", "party.mp4")
    (message,) = desk.history()
    assert (message.id, message.question, message.state) == (document["id"], "blue", AnswerState.ANSWERED)
    assert message.answer == document["answer"]
    assert [cited.time for cited in message.citations] == [cited["seconds"] for cited in document["citations"]]
    assert message.details.plan is not None
    assert message.details.plan.kv_bytes == document["plan"]["kv_bytes"]
    assert message.details.measured is not None
    assert message.details.measured.tokens_read == document["tokens_read"]
    assert [kept.title for kept in desk.conversations(video_id=message.citations[0].video_id)] == ["blue"]
    page = desk.data.root / "answer.html"
    desk.run("export", "page", "--answer", document["id"], page)
    assert "party.mp4" in page.read_text("utf-8")


def test_a_question_about_a_folder_belongs_to_the_folder_of_the_library(desk: Desk, shelf: Path) -> None:
    videos = shelf / "videos"
    inside = videos / "inside"
    for folder, place in ((videos, {"inside": videos}), (inside, {"inside": videos}), (shelf, {})):
        before = len(desk.conversations(**place))
        desk.document("ask", "blue", "--folder", folder)
        assert len(desk.conversations(**place)) == before + 1, folder


def test_a_question_may_be_about_several_videos(desk: Desk, shelf: Path) -> None:
    names = sorted(path.name for path in (shelf / "videos").glob("*.mp4"))[:2]
    document = desk.document("ask", "blue", "--video", names[0], "--video", names[1])
    assert {Path(moment["video"]).name for moment in document["moments"]} <= set(names)
    (kept,) = desk.conversations()
    assert len(kept.video_ids) == 2
    _, error = desk.run("ask", "blue", "--video", names[0], "--video", "nothing.mp4", code=2)
    assert "nothing.mp4" in error


def test_a_question_that_fails_is_kept_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    _, error = desk.run("ask", "blue", "--video", "party.mp4", "--model", tmp_path / "broken", code=2)
    (message,) = desk.history()
    assert message.state == AnswerState.FAILED
    assert message.details.reason in error
    assert "There is no model in" in message.details.reason
    desk.run("ask", " ", code=2)
    assert len(desk.history()) == 1, "an empty question is none"


def test_the_second_question_opens_no_decoder_and_answers_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.ask("--video", "party.mp4", "--keep-ratio", 0.5)
    assert first["from_memory"] is False

    def never(*_: object) -> None:
        raise AssertionError("the video was opened")

    monkeypatch.setattr(ProcessSource, "frames", never)
    second = desk.ask("--video", "party", "--keep-ratio", 0.5)
    assert second["from_memory"] is True
    for key in ("answer", "citations", "written_times", "tokens_read", "tokens_kept", "kv_bytes"):
        assert second[key] == first[key]


def test_an_answer_that_was_cut_says_so(desk: Desk) -> None:
    assert desk.ask("--video", "party.mp4", "--max-tokens", 2)["cut"] is True
    shown, _ = desk.run("ask", "blue", "--video", "party.mp4", "--model", desk.model, "--max-tokens", 2)
    assert "The answer was cut at its limit" in shown


def test_plans_are_what_questions_do(desk: Desk) -> None:
    options = ("--video", "party.mp4", "--model", desk.model, "--frames", FRAMES, "--keep-ratio", 0.4)
    before = desk.document("plan", *options)
    assert before["seconds"] == {}
    assert not before["from_memory"]
    assert "not measured yet" in desk.run("plan", *options)[0]
    done = desk.ask("--video", "party.mp4", "--keep-ratio", 0.4)
    assert done["plan"] == {key: before[key] for key in done["plan"]}
    assert (before["frames"], before["visual_tokens"], before["kept_tokens"], before["kv_bytes"]) == (
        done["frames"], done["tokens_read"], done["tokens_kept"], done["kv_bytes"],
    )  # fmt: skip
    after = desk.document("plan", *options)
    assert after["from_memory"]
    assert set(after["seconds"]) == {"decode", "vision", "prefill"}
    assert after["seconds"]["prefill"] == pytest.approx(done["seconds"]["prefill"], abs=0.01)
    assert "answered at once" in desk.run("plan", *options)[0]


def test_other_settings_read_again_and_say_why(desk: Desk) -> None:
    desk.ask("--video", "party.mp4", "--keep-ratio", 0.5)
    again = desk.ask("--video", "party.mp4", "--keep-ratio", 0.25)
    assert not again["from_memory"]
    assert any("read again" in notice for notice in again["notices"])


def test_the_library_answers_from_clips_of_two_videos(desk: Desk) -> None:
    document = desk.ask()
    assert {Path(moment["video"]).name for moment in document["moments"]} == {"party.mp4", "beach.mp4"}
    assert [(moment["why"], moment["offline"]) for moment in document["moments"]] == [(["picture"], False)] * 2
    assert document["plan"]["visual_tokens"] == document["tokens_read"]
    assert document["plan"]["kv_bytes"] == document["kv_bytes"]
    assert document["citations"]
    spans = {"party.mp4": (20, 30), "beach.mp4": (10, 20)}
    for cited in document["citations"]:
        start, end = spans[Path(cited["video"]).name]
        assert start - 1 <= cited["start"] <= cited["end"] <= end
        assert start - 1 <= cited["seconds"] <= end
        assert Path(cited["thumbnail"]).is_file()
    assert not list(desk.data.root.glob("memories/*.memory"))


def test_a_question_that_concerns_one_remembered_video_uses_its_memory(desk: Desk) -> None:
    asked = ("--keep-ratio", 0.5)
    desk.ask("--video", "beach.mp4", *asked)
    document = desk.ask(*asked, question="yellow")
    assert document["from_memory"]
    assert any("beach.mp4, which is remembered" in notice for notice in document["notices"])


def test_nothing_that_matches_is_said(desk: Desk) -> None:
    document = desk.ask(question="quantum chromodynamics")
    assert document["answer"] is None
    assert document["moments"] == []
    assert "--video" in document["notices"][0]
    assert "Nothing in the library matches" in desk.run("ask", "quantum", "--model", desk.model)[0]
    notice = " ".join(desk.run("ask", "quantum")[0].split())
    assert "Nothing in the library matches" in notice
    assert "For an answer get a model: retake models download" in notice


@pytest.mark.parametrize("where", [[], ["--video", "beach.mp4"]])
def test_without_a_model_the_answer_is_moments(desk: Desk, where: list[str]) -> None:
    document = desk.document("ask", "blue", *where)
    assert document["answer"] is None
    assert len(document["moments"]) == 2 - len(where) // 2
    assert "retake models download Qwen/Qwen2-VL-2B-Instruct" in document["notices"][0]
    text, _ = desk.run("ask", "blue", *where)
    assert "beach.mp4" in text
    assert "picture" in text
    assert [message.state for message in desk.history()] == [AnswerState.MOMENTS] * 2
    assert "retake models download" in " ".join(text.split())


def test_a_setting_that_names_no_model_still_gives_moments(desk: Desk) -> None:
    change_settings(desk.data.settings, model="somebody/absent")
    document = desk.document("ask", "blue")
    assert document["moments"]
    assert "somebody/absent is not on this computer" in document["notices"][0]


def test_the_model_of_the_settings_answers(desk: Desk) -> None:
    change_settings(desk.data.settings, model=str(desk.model))
    document = desk.document("ask", "blue", "--video", "beach.mp4", "--frames", FRAMES, "--max-tokens", 2)
    assert document["answer"] is not None


def test_models_that_cannot_be_used_are_refused(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    ask = ("ask", "blue", "--video", "party.mp4", "--model", broken)
    assert "config.json is missing" in desk.run(*ask, code=2)[1]
    (broken / "config.json").write_text('{"model_type": "bert"}')
    assert "Qwen2-VL, Qwen2.5-VL, Qwen3-VL, Qwen3.5, Qwen3.5 MoE, LLaVA-OneVision" in desk.run(*ask, code=2)[1]
    assert "not on this computer" in desk.run("ask", "blue", "--model", "no/model", code=2)[1]


def test_questions_that_cannot_be_asked_are_clear_errors(desk: Desk) -> None:
    assert "empty" in desk.run("ask", " ", code=2)[1]
    assert "No video nothing.mp4" in desk.run("ask", "blue", "--video", "nothing.mp4", code=2)[1]
    assert "Name a VideoLLM" in desk.run("plan", "--video", "party.mp4", code=2)[1]


def test_answers_stream_to_people_with_what_they_rest_on(desk: Desk) -> None:
    text, _ = desk.run(
        "ask", "blue", "--video", "party.mp4", "--model", desk.model, "--frames", FRAMES, "--max-tokens", 3
    )
    assert "strength" in text
    assert f"{FRAMES} frames" in text
    assert "read now" in text


def test_words_go_along_unless_they_are_not_wanted(desk: Desk) -> None:
    with closing(Database(desk.data.database)) as database, database.writing() as connection:
        said = [NewText("Hello", 1.0, 2.0), NewText("Goodbye", 25.0, 26.0)]
        video_id = find_video(connection, "party.mp4").id
        replace_texts(connection, video_id, "beside:party.srt", TextKind.SPOKEN, "1", said)
    assert desk.ask("--video", "party.mp4")["words"] == {"said": 2, "screen": 0}
    assert desk.ask("--video", "party.mp4", "--no-words")["words"] == {"said": 0, "screen": 0}
    assert desk.ask("--video", "beach.mp4")["words"] == {"said": 0, "screen": 0}
    planning = ("plan", "--video", "party.mp4", "--model", desk.model)
    planned = desk.document(*planning)["words"]
    assert (planned["said"], planned["screen"]) == (2, 0)
    assert planned["tokens"] > 0
    assert desk.document(*planning, "--no-words")["words"]["tokens"] == 0
    assert "2 lines that are said" in desk.run(*planning)[0]


def test_the_doctor_knows_the_model_of_the_settings(desk: Desk) -> None:
    assert desk.document("doctor")["videollms"] == []
    change_settings(desk.data.settings, model=str(desk.model))
    (found,) = desk.document("doctor")["videollms"]
    assert found["available"]
    assert "Qwen2-VL" in found["detail"]


FOR_EVER = {
    "loading": (
        "from retake_core.videollm.model import VideoLLM\n"
        "def wait(model):\n"
        "    print('loading', flush=True)\n"
        "    time.sleep(600)\n"
        "VideoLLM.load = wait\n"
    ),
    "reading": (
        "from retake_core.videollm.families.qwen2_vl import Qwen2VL\n"
        "encode = Qwen2VL.encode\n"
        "def wait(family, pixels):\n"
        "    print('reading', flush=True)\n"
        "    while True:\n"
        "        encode(family, pixels)\n"
        "Qwen2VL.encode = wait\n"
    ),
    "answering": (
        "import random\n"
        "from retake_core.videollm import generate\n"
        "letters = random.Random(0)\n"
        "generate.choose = lambda *_: letters.randrange(64, 90)\n"  # a single one would count as repetition
    ),
}
"""What makes each stage of a question last for ever."""


@pytest.mark.parametrize(("stage", "frames"), [("loading", "12"), ("reading", "12"), ("answering", "6")])
def test_ctrl_c_stops_at_once_and_leaves_nothing_half_written(desk: Desk, stage: str, frames: str) -> None:
    slow = f"import time\nfrom retake_core.cli import __main__ as cli\n{FOR_EVER[stage]}cli.main()\n"
    arguments = ["ask", "blue", "--video", "party.mp4", "--model", str(desk.model), "--frames", frames]
    command = [*arguments, "--max-tokens", "100000", "--data-dir", str(desk.data.root)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", slow, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(4)
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        _, error = process.communicate(timeout=60)
        assert time.monotonic() - begin < 60
    assert process.returncode == 130, error
    assert b"stopped" in error
    left = [path.name for path in desk.data.memories.glob("*")]
    assert not [name for name in left if not name.endswith(".memory")]
    assert len(left) == (stage == "answering")
    assert not list(desk.data.root.glob(".citations-*"))
    assert [message.state for message in desk.history()] == [AnswerState.STOPPED]
