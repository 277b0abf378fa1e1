"""How the command line shows what a search finds, and the searches that are kept."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from retake_core.cli.show.text import Document, shown
from retake_core.display import clock, printable, readable
from retake_core.library.catalog import VideoEntry
from retake_core.models.catalogue import encoder_title
from retake_core.protocol.indexing_events import Switch
from retake_core.protocol.search_events import FoundMoment


def describe_switch(switch: Switch) -> str:
    """Say which encoder search uses, and how much the chosen one knows."""
    ready = f"{switch.percent} % of the keyframes are ready for {encoder_title(switch.wanted)}."
    return f"Search still uses {encoder_title(switch.using)}: {ready}" if switch.using else ready


def describe_unknown(words: Sequence[str], *, faceless: bool) -> str:
    """Say which words of a query were left out, and what finds people."""
    quoted = ", ".join(f"“{printable(word)}”" for word in words)
    text = f"The built-in encoder does not know {quoted}."
    return f"{text} People are found by their faces; look for them: retake index --faces" if faceless else text


def moments_document(moments: Sequence[FoundMoment], videos: Mapping[int, VideoEntry]) -> list[Document]:
    """Return moments as plain data; those whose video has just gone are left out.

    Args:
        moments: best first.
        videos: theirs and those of their copies, by id.
    """
    return [
        {
            "video": readable(videos[moment.video_id].path),
            "start": moment.start,
            "end": moment.end,
            "time": moment.time,
            "score": round(moment.score, 3),
            "why": list(moment.why),
            "snippet": moment.snippet,
            "marks": list(moment.marks),
            "by_meaning": moment.by_meaning,
            "shows": list(moment.shows),
            "copies": [readable(videos[c.video_id].path) for c in moment.copies if c.video_id in videos],
            "offline": videos[moment.video_id].offline,
        }
        for moment in moments
        if moment.video_id in videos
    ]


def print_moments(moments: Sequence[Document]) -> None:
    """Print moments, best first."""
    if not moments:
        Console().print("Nothing matches.")
        return
    table = Table("score", "time", "span", "video", "why", box=None, header_style="bold")
    for moment in moments:
        span = f"{clock(moment['start'])}-{clock(moment['end'])}"
        name = shown(Path(moment["video"]).name) + (" (offline)" if moment["offline"] else "")
        if moment["copies"]:
            name += f" (and {len(moment['copies'])} more that show the same)"
        table.add_row(f"{moment['score']:.2f}", clock(moment["time"]), span, name, _reason(moment))
    Console().print(table)


def _reason(moment: Document) -> Text:
    """Say why a moment matches, with the matching words in bold."""
    words = {"picture": " ".join(["picture", *(f"({name})" for name in moment["shows"])])}
    why = ", ".join(words.get(word, word) for word in moment["why"])
    reason = Text(why + (", in other words" if moment["by_meaning"] else ""))
    if moment["snippet"]:
        # Each sign on its own, so that the places of the words stay right.
        text = Text("".join(sign if sign.isprintable() else " " for sign in moment["snippet"]))
        for start, end in moment["marks"]:
            text.stylize("bold", start, end)
        reason.append(": ").append_text(text)
    return reason


def print_searches(entries: Sequence[Document]) -> None:
    """Print the searches that are kept."""
    if not entries:
        Console().print("No search is kept yet; keep one: retake searches --save NAME QUERY")
        return
    table = Table("name", "videos", "query", box=None, header_style="bold")
    for entry in entries:
        count = "" if entry["videos"] is None else str(entry["videos"])
        table.add_row(shown(entry["name"]), count, shown(entry["query"]))
    Console().print(table)
