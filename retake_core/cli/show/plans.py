"""How the command line shows what a question takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, shown
from retake_core.display import data_size
from retake_core.protocol.question_events import QuestionPlan, SecondLookPlan, WordsGiven

if TYPE_CHECKING:  # Ray comes with it
    from retake_core.cluster.each_computer import PlanThere


def plan_document(plan: QuestionPlan) -> Document:
    """Return a plan as plain data."""
    return {
        "frames": plan.frames,
        "rate": plan.rate,
        "long_side": plan.long_side,
        "visual_tokens": plan.visual_tokens,
        "kept_tokens": plan.kept_tokens,
        "keep_ratio": plan.keep_ratio,
        "kv_bytes": plan.kv_bytes,
        "stored_bytes": plan.stored_bytes,
        "peak_bytes": plan.peak_bytes,
        "seconds": {phase: round(value, 3) for phase, value in plan.phases.items()},
        "lowered": plan.lowered,
        "from_memory": plan.from_memory,
        "second_look": None if plan.second is None else second_document(plan.second),
        "words": words_document(plan.words) | {"tokens": plan.words.tokens},
        "computer": plan.computer,
    }


def plans_document(plans: "Sequence[PlanThere]", video: str) -> Document:
    """Return the plans of several computers for a video as plain data."""

    def document(there: "PlanThere") -> Document:
        if there.plan is None:
            return {"computer": there.computer, "trouble": there.trouble}
        return plan_document(there.plan) | {"video": video, "model": there.plan.model}

    return {"video": video, "computers": [document(there) for there in plans]}


def second_document(second: SecondLookPlan) -> Document:
    """Return what a second look takes at most."""
    seconds = None if second.seconds is None else round(second.seconds, 3)
    return {"frames": second.frames, "rate": second.rate, "long_side": second.long_side, "seconds": seconds}


def words_document(words: WordsGiven) -> Document:
    """Return how many lines a model is given."""
    return {"said": words.said, "screen": words.screen}


def print_plans(document: Document) -> None:
    """Print the plans of several computers."""
    for each in document["computers"]:
        if "trouble" in each:
            Console().print(shown(each["trouble"]))
        else:
            print_plan(each)


def print_plan(document: Document) -> None:
    """Print a plan."""
    console = Console()
    seconds = document["seconds"]
    each = ", ".join(f"{phase} {value:.1f}" for phase, value in seconds.items())
    rows = [("computer", document["computer"])] if document["computer"] else []
    rows += [
        ("video", document["video"]),
        ("model", document["model"]),
        (
            "frames",
            f"{document['frames']:,}, {document['rate']:.2f} a second, {document['long_side']} pixels at most",
        ),
        (
            "visual tokens",
            f"{document['visual_tokens']:,} read, {document['kept_tokens']:,} kept "
            f"(keep ratio {document['keep_ratio']:.2f})",
        ),
        (
            "memory",
            f"KV {data_size(document['kv_bytes'])}, peak {data_size(document['peak_bytes'])} with the model",
        ),
        ("on disk", data_size(document["stored_bytes"])),
        ("time", f"{sum(seconds.values()):.1f} s: {each}" if seconds else "not measured yet on this machine"),
    ]
    if second := document["second_look"]:
        took = "not measured yet" if second["seconds"] is None else f"{second['seconds']:.1f} s"
        size = f"{second['rate']:.2f} a second, {second['long_side']} pixels at most"
        rows.append(("second look", f"up to {second['frames']:,} frames, {size}; {took}"))
    words = document["words"]
    if words["tokens"]:
        lines = f"{words['said']} lines that are said, {words['screen']} on screen"
        rows.append(("words", f"{lines}: {words['tokens']:,} tokens"))
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
