"""The published benchmarks' harness, on three fabricated questions in each one's file format."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.media.decoders.choice import open_source
from retake_core.system.bundled import demo_model
from retake_core.videollm.answer import VideoSource, ask
from retake_core.videollm.events import AnswerPiece
from retake_core.videollm.generate import GenerationLimits
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.reading import Reading
from tests.benchmarks import published
from tests.benchmarks.annotations import READERS, lvbench, mlvu, video_mme
from tests.benchmarks.outcomes import ResultFile, wilson
from tests.demo_model import recording
from tests.demo_model.world import draw_clip

MODEL = demo_model()
PROMPT = (
    "What colour is the square?\nOptions:\nA. red\nB. blue\nC. white\n"
    "Answer with the option's letter from the given choices directly."
)
Rows = list[dict[str, Any]]


def mme_rows() -> Rows:
    def row(number: int, video: str, duration: str, answer: str) -> dict[str, Any]:
        return {
            "video_id": f"{number:03}", "duration": duration, "domain": "Life", "sub_category": "Shapes",
            "url": "", "videoID": video, "question_id": f"{number:03}-1", "task_type": "Attribute Perception",
            "question": "What colour is the square?", "options": ["A. red", "B. blue", "C. white"],
            "answer": answer,
        }  # fmt: skip

    return [row(1, "one", "short", "A"), row(2, "one", "long", "B"), row(3, "two", "short", "C")]


def write_mme_parquet(folder: Path) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(mme_rows()), folder / "test.parquet")
    return folder / "test.parquet"


def write_mme_json(folder: Path) -> Path:
    """Write the authors' template: questions below their videos."""
    inner = ("question_id", "task_type", "question", "options", "answer")
    nested = [
        {**{k: v for k, v in row.items() if k not in inner}, "questions": [{k: row[k] for k in inner}]}
        for row in mme_rows()
    ]
    (folder / "test.json").write_text(json.dumps(nested), "utf-8")
    return folder / "test.json"


def write_mlvu(folder: Path) -> Path:
    json_folder = folder / "json"
    json_folder.mkdir()
    row = {"duration": 8, "question": "What colour is the square?", "candidates": ["red", "blue", "white"]}
    plots = [
        {**row, "video": "one.mp4", "answer": "red", "question_type": "plotQA"},
        {**row, "video": "two.mp4", "answer": "white", "question_type": "plotQA"},
    ]
    (json_folder / "1_plotQA.json").write_text(json.dumps(plots), "utf-8")
    order = [{**row, "video": "one.mp4", "answer": "blue", "question_type": "order"}]
    (json_folder / "5_order.json").write_text(json.dumps(order), "utf-8")
    free = [{"video": "one.mp4", "question": "Summarise.", "answer": "Shapes.", "question_type": "summary"}]
    (json_folder / "9_summary.json").write_text(json.dumps(free), "utf-8")
    return json_folder


def write_lvbench(folder: Path) -> Path:
    def question(uid: int, answer: str, kinds: list[str]) -> dict[str, Any]:
        text = "What colour is the square?\n(A) red\n(B) blue\n(C) white"
        return {"uid": str(uid), "question": text, "answer": answer, "question_type": kinds, "time_reference": ""}

    rows = [
        {"key": "one", "type": "cartoon", "qa": [
            question(1, "A", ["entity recognition"]), question(2, "B", ["entity recognition", "reasoning"]),
        ]},
        {"key": "two", "type": "live", "qa": [question(3, "C", ["reasoning"])]},
    ]  # fmt: skip
    (folder / "meta.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    return folder / "meta.jsonl"


FORMATS: dict[str, tuple[str, Callable[[Path], Path], set[str]]] = {
    "videomme parquet": ("videomme", write_mme_parquet, {"short", "long", "Life", "Attribute Perception"}),
    "videomme json": ("videomme", write_mme_json, {"short", "long", "Life", "Attribute Perception"}),
    "mlvu": ("mlvu", write_mlvu, {"Plot QA", "Action Order"}),
    "lvbench": ("lvbench", write_lvbench, {"entity recognition", "reasoning", "cartoon", "live"}),
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    rng = np.random.default_rng(1)
    return [recording.write(draw_clip(rng, 16, 2.0), folder / f"{name}.mp4", 48) for name in ("one", "two")]


@pytest.mark.parametrize("form", FORMATS)
def test_a_benchmark_is_read_run_and_gone_on_with(
    form: str, clips: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark, write, parts = FORMATS[form]
    annotations = write(tmp_path)
    items = list(READERS[benchmark](annotations))
    assert sorted(item.answer for item in items) == ["A", "B", "C"]
    assert len({item.id for item in items}) == 3
    videos = tmp_path / "videos" / "1_plotQA"
    videos.mkdir(parents=True)
    (videos / "one.mp4").hardlink_to(clips[0])
    results = tmp_path / "results.jsonl"
    words = [
        benchmark, str(annotations), str(videos.parent), "--model", str(MODEL), "--results", str(results),
        "--keep-ratio", "0.5",
    ]  # fmt: skip

    published.main(words)
    output = capsys.readouterr()
    assert output.out.startswith("2 of 3 questions")
    assert "two" in output.err
    assert "missing; questions left out: 1" in output.err
    first = list(ResultFile(results))
    assert len(first) == 2
    assert all(result["kept"] == result["read"] // 2 == 36 for result in first)

    (videos / "two.mp4").hardlink_to(clips[1])
    published.main(words)
    output = capsys.readouterr()
    assert "one" not in output.err
    results_of_both = list(ResultFile(results))
    assert results_of_both[:2] == first
    assert len(results_of_both) == 3
    assert output.out.startswith("3 of 3 questions")
    cells = re.sub(" +", " ", output.out)
    assert all(f"| {part} | " in cells for part in parts)
    right = sum(result["right"] for result in results_of_both)
    assert f"| all | | 3 | {100 * right / 3:.1f} [" in cells


def test_the_answer_is_the_products(clips: list[Path], tmp_path: Path) -> None:
    words = ["videomme", "", "", "--model", str(MODEL), "--results", "", "--keep-ratio", "0.5", "--frames", "12"]
    model = VideoLLM.open(str(MODEL))
    model.load()
    memory = published.read_video(model, clips[0], published.parse(words))
    (item, *_) = video_mme(write_mme_json(tmp_path))
    assert item.prompt == PROMPT
    text = published.answer(model, memory, item)
    source = VideoSource("", lambda: open_source(clips[0], short_side=48))
    reading = Reading(rate=1.5, frames=12, keep_ratio=0.5)
    events: Iterator[Any] = ask(
        model.family, model.id, source, PROMPT, reading, None, CancelToken(), GenerationLimits(max_tokens=16)
    )
    assert text
    assert text == "".join(event.text for event in events if isinstance(event, AnswerPiece)).strip()


def test_subtitles_are_given_along(clips: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    annotations = write_lvbench(tmp_path)
    for folder in ("videos", "subtitles"):
        (tmp_path / folder).mkdir()
    for name, clip in zip(("one", "two"), clips, strict=True):
        (tmp_path / "videos" / f"{name}.mp4").hardlink_to(clip)
    (tmp_path / "subtitles" / "one.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nred\n", "utf-8")
    words = ["lvbench", str(annotations), str(tmp_path / "videos"), "--model", str(MODEL), "--results"]
    published.main([*words, str(tmp_path / "results.jsonl"), "--subtitles", str(tmp_path / "subtitles")])
    published.main([*words, str(tmp_path / "results.jsonl")])
    assert capsys.readouterr().out.count("3 of 3 questions") == 2
    results = list(ResultFile(tmp_path / "results.jsonl"))
    assert sorted(result["lines"] for result in results) == [0, 0, 0, 0, 1, 1]  # never taken for one another


def test_a_damaged_video_is_left_out(
    clips: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    annotations = write_lvbench(tmp_path)
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "one.mp4").write_bytes(b"no video")
    (tmp_path / "videos" / "two.mp4").hardlink_to(clips[1])
    words = ["lvbench", str(annotations), str(tmp_path / "videos"), "--model", str(MODEL), "--results"]
    published.main([*words, str(tmp_path / "results.jsonl")])
    output = capsys.readouterr()
    assert output.out.startswith("1 of 3 questions")
    assert "questions left out: 2" in output.err


def test_the_readers_agree(tmp_path: Path) -> None:
    """The same question makes the same prompt, however its options are written."""
    (first, *_) = video_mme(write_mme_json(tmp_path))
    (other, *_) = mlvu(write_mlvu(tmp_path))
    (third, *_) = lvbench(write_lvbench(tmp_path))
    assert first.prompt == other.prompt == PROMPT
    assert first.options == other.options == ("red", "blue", "white")
    assert third.prompt.splitlines()[1] == "(A) red"
    assert (other.folder, other.video, first.video, third.video) == ("1_plotQA", "one.mp4", "one", "one")


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("B", "B"),
        ("B.", "B"),
        ("(C) white", "C"),
        ("A. red", "A"),
        ("The answer is B.", "B"),
        ("The correct option is (C)", "C"),
        ("white", "C"),
        ("Red.", "A"),
        ("A red square", None),
        ("", None),
        ("Because", None),
        ("I cannot tell.", None),
    ],
)
def test_letters_are_found_in_answers(text: str, letter: str | None) -> None:
    assert published.letter_of(text, ("red", "blue", "white")) == letter


def test_a_line_that_was_cut_short_does_not_count(tmp_path: Path) -> None:
    file = ResultFile(tmp_path / "results.jsonl")
    file.add({"id": 1})
    with (tmp_path / "results.jsonl").open("a") as lines:
        lines.write('{"id": 2, "to')
    file.add({"id": 3})
    assert [result["id"] for result in file] == [1, 3]


def test_intervals() -> None:
    assert wilson(95, 100) == pytest.approx((0.888, 0.978), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)
