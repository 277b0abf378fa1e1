"""The published benchmarks' annotation files: multiple-choice questions about videos.

- Video-MME (huggingface.co/datasets/lmms-lab/Video-MME): a parquet file with a row for each question; the same
  rows as JSON or JSON lines; or, as in the authors' template of answers, a JSON list of videos with questions.
- MLVU (huggingface.co/datasets/MLVU/MVLU): a folder of JSON files, one for each task. Its two tasks of free text
  have no options and are left out.
- LVBench (huggingface.co/datasets/THUDM/LVBench): JSON lines, a video with its questions each; the options stand
  in the questions.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LETTERS = "ABCDEFGH"
INSTRUCTION = "Answer with the option's letter from the given choices directly."
MLVU_TASKS = {
    "plotQA": "Plot QA",
    "findNeedle": "Needle QA",
    "needle": "Needle QA",
    "ego": "Ego Reasoning",
    "count": "Action Count",
    "order": "Action Order",
    "anomaly_reco": "Anomaly Recognition",
    "topic_reasoning": "Topic Reasoning",
}


@dataclass(frozen=True)
class Item:
    """A question with one right option.

    Attributes:
        id: unique in its benchmark.
        video: the video's file, with or without a suffix.
        folder: the name of the folder that holds it, where the benchmark has several; else "".
        prompt: the question with its options.
        options: what stands behind each letter; empty where the prompt already came with them.
        answer: the right letter.
        groups: what tables are split by; a question may be of several kinds.
    """

    id: str
    video: str
    folder: str
    prompt: str
    options: tuple[str, ...]
    answer: str
    groups: dict[str, list[str]]


def write_prompt(question: str, options: Sequence[str]) -> str:
    """Write a question as the published evaluations of the method do."""
    if not options:
        return f"{question}\n{INSTRUCTION}"
    lines = [f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False)]
    return "\n".join([question, "Options:", *lines, INSTRUCTION])


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a table: parquet, a JSON list, or JSON lines."""
    if path.suffix == ".parquet":
        import pyarrow.parquet  # the only reader of it, and of no use elsewhere

        rows: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
        return rows
    text = path.read_text("utf-8-sig")
    try:
        whole = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return whole if isinstance(whole, list) else [whole]


def video_mme(path: Path) -> Iterator[Item]:
    """Read Video-MME; splits by length of the video, kind of question and domain."""
    for row in read_rows(path):
        for question in row.get("questions", [{}]):
            merged = {**row, **question}
            options = tuple(_without_letter(option) for option in merged["options"])
            yield Item(
                id=str(merged["question_id"]),
                video=str(merged.get("videoID") or merged["video_id"]),
                folder="",
                prompt=write_prompt(merged["question"], options),
                options=options,
                answer=merged["answer"].strip().upper()[:1],
                groups={name: [str(merged[name])] for name in ("duration", "task_type", "domain")},
            )


def mlvu(path: Path) -> Iterator[Item]:
    """Read MLVU; splits by task."""
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        for number, row in enumerate(read_rows(file)):
            if "candidates" not in row:
                continue
            options = tuple(str(option) for option in row["candidates"])
            if row["answer"] not in options:
                continue
            kind = str(row.get("question_type", file.stem))
            yield Item(
                id=str(row.get("question_id", f"{file.stem}-{number}")),
                video=str(row["video"]),
                folder=file.stem,
                prompt=write_prompt(row["question"], options),
                options=options,
                answer=LETTERS[options.index(row["answer"])],
                groups={"task": [MLVU_TASKS.get(kind, kind)]},
            )


def lvbench(path: Path) -> Iterator[Item]:
    """Read LVBench; splits by kind of question, of which one may have several, and kind of video."""
    for row in read_rows(path):
        for question in row["qa"]:
            kinds = question["question_type"]
            yield Item(
                id=str(question["uid"]),
                video=str(row["key"]),
                folder="",
                prompt=write_prompt(question["question"], ()),
                options=(),
                answer=question["answer"].strip().upper()[:1],
                groups={
                    "question_type": [kinds] if isinstance(kinds, str) else list(kinds),
                    "type": [str(row.get("type", "unknown"))],
                },
            )


READERS: dict[str, Callable[[Path], Iterator[Item]]] = {
    "videomme": video_mme, "mlvu": mlvu, "lvbench": lvbench,
}  # fmt: skip


def _without_letter(option: str) -> str:
    """Take "A. " away from an option."""
    return option[2:].strip() if option[:1] in LETTERS and option[1:2] in (".", ")") else option.strip()
