"""The tools that other programs get: what each is called, what it takes and gives, and who does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.mcp_server import arguments, results
from retake_core.mcp_server.arguments import Arguments
from retake_core.mcp_server.asking import ask
from retake_core.mcp_server.cutting import cut_clip
from retake_core.mcp_server.engine import Engine, Lane, Progress
from retake_core.mcp_server.looking import (
    Outcome,
    list_chapters,
    list_keyframes,
    list_people,
    list_videos,
    read_transcript,
    search,
)

Do = Callable[[Engine, Any, CancelToken, Progress], Outcome]


@dataclass(frozen=True)
class Tool:
    """A tool.

    Attributes:
        name: by which it is called.
        title: for people.
        about: for the program that chooses among tools.
        takes: its arguments; the schema comes from it.
        gives: its result; the schema comes from it.
        do: does it, in a thread.
        lane: whose turn it waits for.
        writes: whether it writes a file.
    """

    name: str
    title: str
    about: str
    takes: type[Arguments]
    gives: type[msgspec.Struct]
    do: Do
    lane: Lane = "look"
    writes: bool = False

    def read(self, given: dict[str, Any]) -> Arguments:
        """Read what a program gives.

        Raises:
            UserError: it does not fit, and why.
        """
        try:
            return msgspec.convert(given, self.takes)
        except msgspec.ValidationError as error:
            raise UserError(f"{self.name} cannot take that: {error}.") from None


SEARCH = Tool(
    "search",
    "Search moments",
    "Find moments in the user's videos by what is shown, said, written on screen or in a title; best first.",
    arguments.SearchArguments,
    results.FoundMoments,
    search,
)
LIST_VIDEOS = Tool(
    "list_videos",
    "List videos",
    "List the user's videos, all or those that a query lets through: length, date, tags, keyframes, state.",
    arguments.ListArguments,
    results.Videos,
    list_videos,
)
LIST_KEYFRAMES = Tool(
    "list_keyframes",
    "Keyframes of a video",
    "List the most prominent keyframes of a video, and on request their pictures: how to look at a video.",
    arguments.KeyframesArguments,
    results.Keyframes,
    list_keyframes,
)
READ_TRANSCRIPT = Tool(
    "read_transcript",
    "Transcript of a video",
    "Read what is said in a video, all or a stretch; a long one comes in parts.",
    arguments.TranscriptArguments,
    results.Transcript,
    read_transcript,
)
LIST_CHAPTERS = Tool(
    "list_chapters",
    "Chapters of a video",
    "Tell what a video is about: its title, summary and chapters, where it has them.",
    arguments.VideoArguments,
    results.Chapters,
    list_chapters,
)
LIST_PEOPLE = Tool(
    "list_people",
    "People",
    "List who is seen in the videos, and where.",
    arguments.NoArguments,
    results.People,
    list_people,
)
ASK = Tool(
    "ask",
    "Ask about videos",
    "Have the user's own VideoLLM watch a video, or the moments that match, and answer a question, with the "
    "moments that the answer rests on. It may take minutes. The question stands in the user's history.",
    arguments.AskArguments,
    results.Answer,
    ask,
    "ask",
)
CUT_CLIP = Tool(
    "cut_clip",
    "Cut a clip",
    "Write a stretch of a video into a new file, in the folder that the user chose; nothing is ever replaced.",
    arguments.ClipArguments,
    results.Clip,
    cut_clip,
    "cut",
    writes=True,
)

ALL = (SEARCH, LIST_VIDEOS, LIST_KEYFRAMES, READ_TRANSCRIPT, LIST_CHAPTERS, LIST_PEOPLE, ASK, CUT_CLIP)
BY_NAME = {tool.name: tool for tool in ALL}
"""Those that are not offered say why when they are called."""


def offered(engine: Engine) -> list[Tool]:
    """Return the tools that the user lets other programs use now."""
    shown = {LIST_PEOPLE.name: _faces(engine), CUT_CLIP.name: engine.exports is not None}
    return [tool for tool in ALL if shown.get(tool.name, True)]


def schema(of: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON schema of what a tool takes or gives: an object, as the protocol wants it."""
    whole = msgspec.json.schema(of)
    parts: dict[str, Any] = whole["$defs"]
    root: dict[str, Any] = parts.pop(of.__name__)
    return {**root, "$defs": parts} if parts else root


def _faces(engine: Engine) -> bool:
    try:
        return engine.faces
    except UserError:  # the library is not there now; the other tools tell it
        return False
