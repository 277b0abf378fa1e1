"""How the command line shows an answer: as it is written, and what it rests on when it is complete."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from retake_core.cli.show.plans import plan_document, words_document
from retake_core.cli.show.search import print_moments
from retake_core.cli.show.text import Document, shown
from retake_core.display import clock, counted, data_size, printable, readable
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.question_events import (
    STAGES,
    FramesRead,
    Measured,
    Noticed,
    QuestionEvent,
    StageBegun,
    WordsGiven,
    Wrote,
)
from retake_core.protocol.question_outcome import AnswerState, QuestionOutcome

PHASES = ("load", "decode", "vision", "prefill", "first_token", "answer", "model_load")
NO_MATCH = (
    "Nothing in the library matches. Describe what is to be seen, or name the video to ask about: --video VIDEO."
)


class AnswerView:
    """Follows a question: progress on standard error, tokens on standard output as they come.

    Args:
        question: as the user wrote it.
        as_json: nothing but progress is shown; the document is for the caller to print.

    Attributes:
        outcome: what has come of it.
    """

    def __init__(self, question: str, as_json: bool) -> None:
        self.outcome = QuestionOutcome(question)
        self._as_json = as_json
        self._written = False

    @property
    def is_loading(self) -> bool:
        """Whether a model or an encoder may be being loaded, which no token stops."""
        return self.outcome.stage in ("search", "model")

    @contextmanager
    def shown(self) -> Iterator[Callable[[QuestionEvent], None]]:
        """Show what is told to the function that is given."""
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[numbers]}"))
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as display:
            task = display.add_task("starting", total=None, numbers="")
            try:
                yield lambda event: self._take(event, display, task)
            finally:
                if self._written:
                    click.echo()
        self.outcome.end(AnswerState.ANSWERED)

    def _take(self, event: QuestionEvent, display: Progress, task: TaskID) -> None:
        self.outcome.take(event)
        match event:
            case StageBegun():
                display.update(task, description=STAGES[event.stage], total=None, completed=0, numbers="")
            case FramesRead():
                numbers = f"{event.frames} of {event.total} frames"
                display.update(task, total=event.total, completed=event.frames, numbers=numbers)
            case Noticed():
                display.console.print(f"[yellow]{shown(event.text)}[/yellow]")
            case Wrote():
                display.stop()  # its line must not be drawn into the answer
                self._write(event.text)

    def _write(self, text: str) -> None:
        if not self._as_json:
            # A model may be led to write control sequences, which a terminal would obey.
            click.echo(printable(text, keep="\n\t"), nl=False)
            self._written = True


def answer_document(
    outcome: QuestionOutcome,
    moments: list[Document],
    videos: Mapping[int, VideoEntry] | None = None,
    pictures: Sequence[Path | None] = (),
    remedy: str = "",
) -> Document:
    """Return an answer as plain data; the text is None where there are only moments.

    Args:
        outcome: of the question.
        moments: of the library, that were read or are to be looked at.
        videos: of the citations, by id.
        pictures: of the citations, as files.
        remedy: how to get a model that answers, where there is none.
    """
    only_moments = outcome.state is AnswerState.MOMENTS
    notices = list(outcome.notices)
    if only_moments:
        notices.append(f"{outcome.reason if moments else NO_MATCH} {remedy}".rstrip())
    return {
        "id": outcome.message_id,
        "question": outcome.question,
        "answer": None if only_moments else outcome.answer,
        "citations": [] if videos is None else _citations(outcome, videos, pictures),
        "written_times": [
            {"text": time.text, "seconds": time.seconds, "supported": time.supported} for time in outcome.written
        ],
        "lines": [] if videos is None else _lines(outcome, videos),
        "words": words_document(WordsGiven() if outcome.plan is None else outcome.plan.words),
        "moments": moments,
        "notices": notices,
        "plan": None if outcome.plan is None else plan_document(outcome.plan),
        **_account(outcome.measured),
    }


def _citations(
    outcome: QuestionOutcome, videos: Mapping[int, VideoEntry], pictures: Sequence[Path | None]
) -> list[Document]:
    return [
        {
            "video": readable(videos[cited.video_id].path),
            "seconds": cited.time,
            "start": cited.start,
            "end": cited.end,
            "strength": round(cited.strength, 4),
            "confirmed": cited.confirmed,
            "thumbnail": None if picture is None else readable(picture),
        }
        for cited, picture in zip(outcome.citations, pictures, strict=True)
        if cited.video_id in videos
    ]


def _lines(outcome: QuestionOutcome, videos: Mapping[int, VideoEntry]) -> list[Document]:
    return [
        {
            "video": readable(videos[line.video_id].path),
            "start": line.start,
            "end": line.end,
            "text": line.text,
            "on_screen": line.on_screen,
        }
        for line in outcome.lines
        if line.video_id in videos
    ]


def _account(measured: Measured | None) -> Document:
    """Return what an answer took; without one, nothing."""
    account = measured or Measured(False, 0, 0, 0, 0, 0, 0.0)
    seconds = {phase: round(account.phases.get(phase, 0.0), 3) for phase in PHASES}
    return {
        "from_memory": account.from_memory,
        "frames": account.frames,
        "tokens_read": account.tokens_read,
        "tokens_kept": account.tokens_kept,
        "keep_ratio": measured and account.keep_ratio,
        "kv_bytes": account.kv_bytes,
        "frames_again": account.frames_again,
        "answer_tokens": account.answer_tokens,
        "cut": account.cut,
        "seconds": {} if measured is None else {**seconds, "total": round(account.seconds, 3)},
    }


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
    if document["cut"]:
        console.print("The answer was cut at its limit; let it be longer with --max-tokens.")
    _print_citations(console, document)
    for line in document["lines"]:
        where = "on screen" if line["on_screen"] else "said"
        console.print(f"{clock(line['start'])} {where}: “{shown(line['text'])}”")
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
        doubt = " ?" if cited["confirmed"] is False else ""
        row = (clock(cited["seconds"]) + doubt, f"{cited['strength']:.0%}", span, *video)
        table.add_row(*row, shown(cited["thumbnail"] or ""), style=None)
    table.columns[-1].overflow = "fold"
    console.print()
    console.print(table)
    if any(cited["confirmed"] is False for cited in document["citations"]):
        console.print("?  The second look does not confirm it.")


def _stats_line(document: Document) -> str:
    seconds = document["seconds"]
    kept, read = document["tokens_kept"], document["tokens_read"]
    parts = [
        counted(document["frames"], "frame"),
        f"{kept:,} of {read:,} tokens kept",
        f"KV {data_size(document['kv_bytes'])}",
        f"{seconds['total']:.1f} s{_where(document)}",
    ]
    if document["frames_again"]:
        parts.insert(1, f"{document['frames_again']} looked at again")
    if lines := sum(document["words"].values()):
        parts.append(counted(lines, "line of words", "lines of words"))
    if document["from_memory"]:
        parts.append("from memory")
    elif document["moments"]:
        parts.append("read now, as nothing is remembered of single moments")
    else:
        parts.append("read now; the next question is answered from memory")
    return ", ".join(parts)


def _where(document: Document) -> str:
    """Say which computer has answered, where it is not this one."""
    computer = (document["plan"] or {}).get("computer")
    return f" on {computer}" if computer else ""
