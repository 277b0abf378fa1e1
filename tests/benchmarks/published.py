"""Run a published benchmark through the product: decoder, plan, prefill with PivotKV, answer.

    python -m tests.benchmarks.published videomme Video-MME/videomme/test-00000-of-00001.parquet Video-MME/data \\
        --model Qwen/Qwen2-VL-7B-Instruct --results videomme.jsonl
    python -m tests.benchmarks.published mlvu MLVU/json MLVU/video --model ... --results mlvu.jsonl
    python -m tests.benchmarks.published lvbench LVBench/video_info.meta.jsonl LVBench/all_videos --model ... \\
        --results lvbench.jsonl

Prints the accuracy over all questions and by what the benchmark splits by, each with its 95 % interval. Each
answer is written to the results as it comes: a run that is stopped goes on where it was, and a run with other
settings may share the file. Videos that are missing or cannot be read are named and left out; they are tried again
by the next run. With `--policy full --keep-ratio 1` the model reads the same frames uncompressed. Parquet needs
pyarrow: `pip install .[benchmarks]`. With `--subtitles DIR` the model is given what is said, spread over the
video as for a question that matches no line.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from retake_core.cancel import CancelToken
from retake_core.display import one_line
from retake_core.errors import MediaError, UserError
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.process.source import ProcessSource
from retake_core.media.subtitles.file import read_subtitle_file
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.questions.asked_video import DECODER_THREADS
from retake_core.questions.words import LONGEST, spread
from retake_core.videollm.answer import VideoSource, recall
from retake_core.videollm.costs import ANSWER_TOKENS, MOST_WORDS
from retake_core.videollm.events import Stats
from retake_core.videollm.generate import GenerationLimits, answer_ids, stream_text
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.machine import available_bytes
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.planner import USABLE, Recording, make_plan
from retake_core.videollm.reading import DEFAULT_BUDGET
from retake_core.videollm.words import NO_WORDS, Line, Words, write_words
from tests.benchmarks.annotations import LETTERS, READERS, Item
from tests.benchmarks.outcomes import ResultFile, share
from tests.support.report import Report, Row, make_parser
from tests.support.tiny import drain

_LETTER_FIRST = re.compile(rf"\W*([{LETTERS}])(?![\w'])(?!\s+[a-z])")
_LETTER_NAMED = re.compile(rf"(?:answer|option|choice)(?:\s+is)?\W*([{LETTERS}])(?!\w)", re.IGNORECASE)


def letter_of(reply: str, options: Sequence[str]) -> str | None:
    """Return the option that an answer names, by its letter or in its words; None when it names none."""
    found = _LETTER_FIRST.match(reply) or _LETTER_NAMED.search(reply)
    if found:
        return found[1].upper()
    words = [option.strip(" .").lower() for option in options]
    reply = reply.strip(" .\n").lower()
    return LETTERS[words.index(reply)] if reply in words else None


class VideoFolder:
    """Finds the videos of a benchmark, however deep they lie."""

    def __init__(self, root: Path) -> None:
        self._places: dict[str, Path] = {}
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            for name in (f"{path.parent.name}/{path.name}", path.name, path.stem):
                self._places.setdefault(name, path)

    def find(self, item: Item) -> Path | None:
        """Return the file of a question's video; first where its folder says."""
        return self._places.get(f"{item.folder}/{item.video}") or self._places.get(item.video)


def read_video(model: VideoLLM, path: Path, settings: argparse.Namespace) -> Memory:
    """Read a video as the product does, within the memory of this machine.

    Raises:
        UserError: it cannot be read, or does not fit.
    """
    info = probe(path)
    if not info.duration:
        raise MediaError("it does not say how long it is")
    material = Recording(info.duration, info.width, info.height)
    plan = make_plan(
        model.family,
        material,
        available=int(USABLE * (available_bytes() + model.weight_bytes)),
        weights=model.weight_bytes,
        frames=settings.frames,
        keep_ratio=settings.keep_ratio,
        budget=settings.budget,
    )
    reading = replace(plan.reading, policy=Policy(settings.policy))
    cancel = CancelToken()
    side = material.short_side(model.family, reading)
    opening = partial(ProcessSource, path, side, DECODER_THREADS, cancel)
    source = VideoSource("", opening, shape=(info.width, info.height))
    return drain(recall(model.family, model.id, source, reading, None, cancel, Stats()))


def words_of(model: VideoLLM, memory: Memory, subtitles: Path | None) -> Words:
    """Return what the model is given of what is said, as far as there is room for it.

    Raises:
        UserError: the subtitles cannot be read.
    """
    if subtitles is None:
        return NO_WORDS
    cues = read_subtitle_file(subtitles)
    lines = [Line(0, cue.start, cue.end, one_line(cue.text, LONGEST)) for cue in cues]
    room = min(MOST_WORDS, model.family.positions - memory.free - ANSWER_TOKENS)
    return write_words(model.family.prompt, ["Recording:"], spread(lines), room)


def answer(model: VideoLLM, memory: Memory, item: Item, words: Words = NO_WORDS) -> str:
    """Return what the model says."""
    family = model.family
    question = family.prompt.question(item.prompt, words=words.ids)
    ids = answer_ids(family, memory, question, GenerationLimits(max_tokens=16), CancelToken())
    return "".join(stream_text(family.prompt, ids)).strip()


def settings_of(model: VideoLLM, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what decides over the answers, to tell runs in one file apart."""
    names = ("benchmark", "policy", "frames", "keep_ratio", "budget")
    settings = {**{name: getattr(arguments, name) for name in names}, "model": model.id.revision}
    return settings if arguments.subtitles is None else settings | {"subtitles": True}


def run(model: VideoLLM, arguments: argparse.Namespace, items: Sequence[Item]) -> Iterator[dict[str, Any]]:
    """Yield the results of all questions whose videos are there: those known, then the others as they come."""
    results, settings = ResultFile(arguments.results), settings_of(model, arguments)
    ids = {item.id for item in items}
    earlier = {
        result["id"]: result for result in results if result["settings"] == settings and result["id"] in ids
    }
    yield from earlier.values()
    folder = VideoFolder(arguments.videos)
    subtitles = None if arguments.subtitles is None else VideoFolder(arguments.subtitles)
    by_video: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.id not in earlier:
            by_video[item.folder, item.video].append(item)
    for number, asked in enumerate(by_video.values(), start=1):
        path = folder.find(asked[0])
        progress = f"[{number}/{len(by_video)}] {asked[0].video}"
        if path is None:
            print(f"{progress}: missing; questions left out: {len(asked)}", file=sys.stderr)
            continue
        try:
            memory = read_video(model, path, arguments)
            words = words_of(model, memory, None if subtitles is None else subtitles.find(asked[0]))
        except UserError as error:
            print(f"{progress}: {error}; questions left out: {len(asked)}", file=sys.stderr)
            continue
        print(f"{progress}: {memory.kept_tokens} of {memory.visual_tokens} tokens", file=sys.stderr)
        for item in asked:
            reply = answer(model, memory, item, words)
            letter = letter_of(reply, item.options)
            result = {
                "id": item.id,
                "settings": settings,
                "told": reply,
                "letter": letter,
                "right": letter == item.answer,
                "groups": item.groups,
                "kept": memory.kept_tokens,
                "read": memory.visual_tokens,
                "lines": len(words.lines),
            }
            results.add(result)
            yield result


def summary(results: Sequence[dict[str, Any]]) -> list[Row]:
    """Return the table: all questions, then each split, with the mean over its parts."""
    rows = [_line("all", None, str(len(results)), share([result["right"] for result in results]))]
    for group in results[0]["groups"]:
        parts: dict[str, list[bool]] = defaultdict(list)
        for result in results:
            for part in result["groups"][group]:
                parts[part].append(result["right"])
        order = {"short": 0, "medium": 1, "long": 2}
        names = sorted(parts, key=lambda name: (order.get(name, 0), name))
        rows += [_line(group, part, str(len(parts[part])), share(parts[part])) for part in names]
        mean = sum(sum(right) / len(right) for right in parts.values()) / len(parts)
        rows.append(_line(group, "mean", None, f"{100 * mean:.1f}"))
    return rows


def _line(split: str, part: str | None, questions: str | None, right: str) -> Row:
    return {"split": split, "part": part, "questions": questions, "right, % [95 % interval]": right}


def parse(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = make_parser(__doc__)
    parser.add_argument("benchmark", choices=list(READERS))
    parser.add_argument("annotations", type=Path, help="the annotation file; for mlvu also the folder of them")
    parser.add_argument("videos", type=Path, help="the folder of videos; they may lie deeper in it")
    parser.add_argument("--model", required=True, help="a folder, or the id of a model in the hub's cache")
    parser.add_argument("--results", type=Path, required=True, help="file of every answer, as lines of JSON")
    parser.add_argument("--policy", choices=[policy.value for policy in Policy], default=Policy.PIVOTKV.value)
    parser.add_argument("--frames", type=int, default=MAX_FRAMES, help="at most so many (default: %(default)s)")
    parser.add_argument(
        "--keep-ratio", type=float, help="part of the visual tokens that stays (default: by budget)"
    )
    parser.add_argument(
        "--budget",
        type=int,
        default=DEFAULT_BUDGET,
        help="visual tokens that stay in a layer (default: %(default)s)",
    )
    parser.add_argument("--subtitles", type=Path, help="the folder of subtitles, named as the videos are")
    parser.add_argument("--limit", type=int, help="only the first so many questions")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> None:
    arguments = parse(words)
    report = Report("tests.benchmarks.published", words)
    items = list(READERS[arguments.benchmark](arguments.annotations))[: arguments.limit]
    model = VideoLLM.open(arguments.model)
    model.load()
    results = list(run(model, arguments, items))
    count = f"{len(results)} of {len(items)} questions were answered."
    report.publish(count, *([summary(results)] if results else []))


if __name__ == "__main__":
    main()
