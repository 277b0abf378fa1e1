"""How the command line shows answers, plans and memories: text for people, plain data for programs."""

import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from retake_core.cli.show.basics import Document, moment_document, print_moments, shown
from retake_core.display import clock, data_size, printable, readable
from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
from retake_core.questions.answering import AnsweringEvent, PlanReached
from retake_core.questions.citations import Sources
from retake_core.questions.memories import MemoryEntry
from retake_core.search.moments import Moment
from retake_core.videollm.events import AnswerPiece, Notice, Phase, ReadProgress, Stats
from retake_core.videollm.planner import ReadingPlan
from retake_core.videollm.supported import cached_videollms

PHASES = {"load": "looking for a memory", "read": "reading", "answer": "thinking"}
SECONDS = ("load", "decode", "vision", "prefill", "first_token", "answer")


def empty_answer(question: str) -> Document:
    """Return the document of an answer that nothing is known of yet; every answer has these keys."""
    return {
        "question": question,
        "answer": None,
        "citations": [],
        "written_times": [],
        "moments": [],
        "notices": [],
        "plan": None,
        "from_memory": False,
        "tokens_read": 0,
        "tokens_kept": 0,
        "keep_ratio": None,
        "kv_bytes": 0,
        "answer_tokens": 0,
        "seconds": {},
    }


class AnswerView:
    """Follows a question: progress on standard error, tokens on standard output as they come."""

    def __init__(self, question: str, model_load: float, as_json: bool) -> None:
        """Start an empty document.

        Args:
            question: as the user wrote it.
            model_load: seconds that loading the model took.
            as_json: nothing but progress is shown; the document is for the caller to print.
        """
        self.document = empty_answer(question)
        self._model_load, self._as_json = model_load, as_json
        self._begin = time.monotonic()
        self._written = False

    def follow(self, events: Iterator[AnsweringEvent]) -> Document:
        """Show what happens and return the document."""
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[numbers]}"))
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as display:
            task = display.add_task("starting", total=None, numbers="")
            try:
                for event in events:
                    self._take(event, display, task)
            finally:
                if isinstance(events, Generator):
                    events.close()
                if self._written:
                    click.echo()
        return self.document

    def _take(self, event: AnsweringEvent, display: Progress, task: TaskID) -> None:
        match event:
            case PlanReached():
                self.document["plan"] = plan_document(event.plan, event.from_memory)
                self.document["moments"] = [moment_document(moment) for moment in event.moments]
            case Phase():
                display.update(task, description=PHASES[event.name], total=None, completed=0, numbers="")
            case ReadProgress():
                numbers = f"{event.frames} of {event.total} frames"
                display.update(task, total=event.total, completed=event.frames, numbers=numbers)
            case Notice():
                self.document["notices"].append(event.text)
                display.console.print(f"[yellow]{shown(event.text)}[/yellow]")
            case AnswerPiece():
                display.stop()  # its line must not be drawn into the answer
                self.document["answer"] = (self.document["answer"] or "") + event.text
                self._write(event.text)
            case Sources():
                self.document["answer"] = self.document["answer"] or ""
                self._add_sources(event)
            case Stats():
                self._add_stats(event)

    def _write(self, text: str) -> None:
        if not self._as_json:
            # A model may be led to write control sequences, which a terminal would obey.
            click.echo(printable(text, keep="\n\t"), nl=False)
            self._written = True

    def _add_sources(self, found: Sources) -> None:
        self.document["citations"] = [
            {
                "video": readable(source.video.path),
                "seconds": source.citation.time,
                "start": source.citation.start,
                "end": source.citation.end,
                "strength": round(source.citation.strength, 4),
                "thumbnail": None if source.thumbnail is None else readable(source.thumbnail),
            }
            for source in found.sources
        ]
        self.document["written_times"] = [
            {"text": time.text, "seconds": time.seconds, "supported": time.supported} for time in found.written
        ]

    def _add_stats(self, stats: Stats) -> None:
        seconds = {name: round(stats.seconds.get(name, 0.0), 3) for name in SECONDS}
        seconds |= {"model_load": round(self._model_load, 3), "total": round(time.monotonic() - self._begin, 3)}
        self.document |= {
            "from_memory": stats.from_memory,
            "frames": stats.reading.frames if stats.reading else 0,
            "tokens_read": stats.tokens_read,
            "tokens_kept": stats.tokens_kept,
            "keep_ratio": stats.keep_ratio,
            "kv_bytes": stats.kv_bytes,
            "answer_tokens": stats.answer_tokens,
            "seconds": seconds,
        }


def moments_answer(question: str, moments: Sequence[Moment], reason: str | None, no_model: bool) -> Document:
    """Return the answer that is given where no model can: where to look.

    Args:
        question: as the user wrote it.
        moments: best first.
        reason: why the model of the settings cannot be used.
        no_model: whether it is for want of a model.
    """
    notices = []
    if not moments:
        notices.append(
            "Nothing in the library matches. Describe what is to be seen, or name the video to ask about: "
            "--video VIDEO."
        )
    if no_model:
        notices.append(
            f"{reason or 'No VideoLLM is installed, so there are only moments to look at.'} {_remedy()}"
        )
    found = [moment_document(moment) for moment in moments]
    return empty_answer(question) | {"moments": found, "notices": notices}


def _remedy() -> str:
    found = next(iter(cached_videollms()), None)
    if found is not None:
        return f"{found} is on this computer: add --model {found}, or set model in settings.toml."
    model = RECOMMENDED_VIDEOLLM
    return f"Get one with: retake models download {model}; then choose it with: retake models use {model}"


def print_answer(document: Document) -> None:
    """Print what stands under an answer; its text was printed as it came."""
    console = Console()
    if document["answer"] is None:
        if document["moments"]:
            print_moments(document["moments"])
        for notice in document["notices"]:
            console.print(shown(notice))
        return
    if not document["answer"].strip():
        console.print("The model gave no answer.")
    _print_citations(console, document)
    for written in document["written_times"]:
        says = "the evidence agrees" if written["supported"] else "[yellow]the evidence does not show it[/yellow]"
        console.print(f"It says {shown(written['text'])}: {says}.")
    console.print(f"[dim]{shown(_stats_line(document))}[/dim]", soft_wrap=True)


def _print_citations(console: Console, document: Document) -> None:
    if not document["citations"]:
        return
    one_video = document["plan"] is not None and not document["moments"]
    heading = ("time", "strength", "evidence", *(() if one_video else ("video",)), "picture")
    table = Table(*heading, box=None, header_style="bold")
    for cited in document["citations"]:
        span = f"{clock(cited['start'])}-{clock(cited['end'])}"
        video = () if one_video else (shown(cited["video"].rpartition("/")[2]),)
        row = (clock(cited["seconds"]), f"{cited['strength']:.0%}", span, *video)
        table.add_row(*row, shown(cited["thumbnail"] or ""), style=None)
    table.columns[-1].overflow = "fold"
    console.print()
    console.print(table)


def _stats_line(document: Document) -> str:
    seconds = document["seconds"]
    kept, read = document["tokens_kept"], document["tokens_read"]
    parts = [
        f"{document['frames']} frames",
        f"{kept:,} of {read:,} tokens kept",
        f"KV {data_size(document['kv_bytes'])}",
        f"{seconds['total']:.1f} s",
    ]
    if document["from_memory"]:
        parts.append("from memory")
    elif document["moments"]:
        parts.append("read now, as nothing is remembered of single moments")
    else:
        parts.append("read now; the next question is answered from memory")
    return ", ".join(parts)


def plan_document(plan: ReadingPlan, from_memory: bool) -> Document:
    """Return a plan as plain data."""
    counts = plan.counts
    return {
        "frames": counts.frames,
        "rate": plan.reading.rate,
        "visual_tokens": counts.visual_tokens,
        "kept_tokens": counts.kept_tokens,
        "keep_ratio": plan.reading.keep_ratio,
        "kv_bytes": counts.kv_bytes,
        "peak_bytes": plan.peak_bytes,
        "seconds": {phase: round(value, 3) for phase, value in plan.seconds.items()},
        "lowered": plan.lowered,
        "from_memory": from_memory,
    }


def print_plan(document: Document) -> None:
    """Print a plan."""
    console = Console()
    seconds = document["seconds"]
    each = ", ".join(f"{phase} {value:.1f}" for phase, value in seconds.items())
    rows = [
        ("video", document["video"]),
        ("model", document["model"]),
        ("frames", f"{document['frames']:,}, {document['rate']:.2f} a second"),
        (
            "visual tokens",
            f"{document['visual_tokens']:,} read, {document['kept_tokens']:,} kept "
            f"(keep ratio {document['keep_ratio']:.2f})",
        ),
        (
            "memory",
            f"KV {data_size(document['kv_bytes'])}, peak {data_size(document['peak_bytes'])} with the model",
        ),
        ("time", f"{sum(seconds.values()):.1f} s: {each}" if seconds else "not measured yet on this machine"),
    ]
    if document["lowered"]:
        rows.append(("lowered", "less than was asked for, so that it fits the free memory"))
    if document["from_memory"]:
        rows.append(("remembered", "yes: a question is answered at once"))
    else:
        rows.append(("remembered", "no: the first question reads the video"))
    table = Table(box=None, show_header=False)
    for name, value in rows:
        table.add_row(f"[bold]{name}[/bold]", shown(value))
    console.print(table)


def memories_document(entries: Sequence[MemoryEntry], quota: int) -> Document:
    """Return the memories as plain data."""
    return {
        "memories": [
            {
                "video": None if entry.video is None else readable(entry.video),
                "model": entry.stored.model,
                "bytes": entry.stored.size,
                "used": entry.stored.used,
                "pinned": entry.stored.pinned,
            }
            for entry in entries
        ],
        "total_bytes": sum(entry.stored.size for entry in entries),
        "quota_bytes": quota,
    }


def print_memories(document: dict[str, Any]) -> None:
    """Print a table of memories."""
    console = Console()
    if document["memories"]:
        table = Table("video", "model", "size", "last used", "pinned", box=None, header_style="bold")
        for entry in document["memories"]:
            used = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry["used"]))
            video = "not in the library" if entry["video"] is None else entry["video"].rpartition("/")[2]
            pinned = "yes" if entry["pinned"] else ""
            model = entry["model"].rpartition("/")[2]
            table.add_row(shown(video), shown(model), data_size(entry["bytes"]), used, pinned)
        console.print(table)
    else:
        console.print("No video is remembered yet; the first question about one makes a memory.")
    console.print(f"{data_size(document['total_bytes'])} of {data_size(document['quota_bytes'])} used.")
