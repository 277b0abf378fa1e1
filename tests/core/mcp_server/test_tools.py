"""Every tool over a real pipe: what it gives, what it refuses, and what nobody gets to see."""

import base64
import io
import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import ImageContent, TextContent
from PIL import Image
from sqlalchemy import select

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.schema import message
from retake_core.protocol.question_outcome import AnswerState
from retake_core.settings import change_settings
from tests.core.mcp_server.conftest import LINES, SAID, SECRET
from tests.core.mcp_server.program import Program

READING = ["search", "list_videos", "list_keyframes", "read_transcript", "list_chapters", "ask"]


@pytest.fixture(scope="module")
def asker(shared: Path) -> Iterator[Program]:
    """Return a program that all tests here share, in the order in which they stand."""
    with Program.started(shared) as program:
        yield program


def history(data: Path) -> list[tuple[str, str]]:
    """Return the questions of a library, in the order in which they were asked, and what became of them."""
    with closing(Database(DataDir(data).database)) as database, database.reading() as connection:
        rows = connection.execute(select(message.c.question, message.c.state).order_by(message.c.id))
        return [(row.question, row.state) for row in rows]


def is_jpeg(blob: str) -> bool:
    with Image.open(io.BytesIO(base64.b64decode(blob))) as picture:
        return picture.format == "JPEG"


def test_what_is_offered_only_reads_and_declares_its_data(asker: Program) -> None:
    tools = asker.does(asker.client.list_tools).tools
    assert [tool.name for tool in tools] == READING
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        for schema in (tool.input_schema, tool.output_schema):
            assert schema["type"] == "object"
            assert "$ref" not in schema
        assert tool.input_schema["additionalProperties"] is False


def test_search_finds_moments_whose_pictures_can_be_read(asker: Program) -> None:
    found = asker.call("search", query="red", limit=3)
    first = found["moments"][0]
    assert first["video"] == "colours.mp4"
    assert "picture" in first["why"]
    assert first["start"] <= first["time"] <= first["end"] <= 6.5
    (content,) = asker.does(asker.client.read_resource, first["picture"]).contents
    assert content.mime_type == "image/jpeg"
    assert is_jpeg(content.blob)


def test_search_says_what_of_a_query_it_leaves_out(asker: Program) -> None:
    assert asker.call("search", query="red stars:9")["remarks"] == [
        "“stars:” needs a number from 1 to 5. It is left out."
    ]


def test_videos_are_listed_in_parts_and_by_query(asker: Program) -> None:
    first, second = (asker.call("list_videos", limit=1, skip=skip) for skip in (0, 1))
    names = [part["videos"][0]["name"] for part in (first, second)]
    assert (names, first["total"]) == (["colours.mp4", "shapes-01.mp4"], 2)
    assert [video["name"] for video in asker.call("list_videos", query="title:shapes")["videos"]] == [
        "shapes-01.mp4"
    ]


def test_keyframes_bring_as_many_pictures_as_are_wanted(asker: Program) -> None:
    result = asker.begin("list_keyframes", video="colours", top=3, pictures=2).result()
    text, *pictures = result.content
    assert isinstance(text, TextContent)
    assert json.loads(text.text) == result.structured_content
    assert len(pictures) == 2
    for picture in pictures:
        assert isinstance(picture, ImageContent)
        assert picture.mime_type == "image/jpeg"
        assert is_jpeg(picture.data)
    times = [each["time"] for each in result.structured_content["keyframes"]]
    assert times == sorted(times)
    assert len(times) == 3


def test_a_transcript_is_read_in_parts_and_by_range(asker: Program) -> None:
    lines, start, parts = [], 0.0, 0
    while start is not None:
        part = asker.call("read_transcript", video="shapes-01.mp4", start=start)
        lines += part["lines"]
        start, parts = part["goes_on_at"], parts + 1
    assert [line["text"] for line in lines] == [f"{number} {SAID}" for number in range(LINES)]
    assert parts > 1
    stretch = asker.call("read_transcript", video="shapes-01.mp4", start=10, end=13)
    assert [line["start"] for line in stretch["lines"]] == [10.0, 12.0]
    assert stretch["goes_on_at"] is None


def test_chapters_come_with_title_and_summary(asker: Program) -> None:
    told = asker.call("list_chapters", video="colours.mp4")
    assert (told["title"], told["summary"], told["total"]) == ("Colours", "Three of them.", 2)
    assert told["chapters"][0] == {"start": 0.0, "end": 6.0, "title": "The red one", "text": "It is red."}


def test_people_are_told_of_only_where_faces_are_looked_for(asker: Program, shared: Path) -> None:
    assert "not looked for" in asker.refused("list_people")
    change_settings(DataDir(shared).settings, faces=True)
    assert "list_people" in [tool.name for tool in asker.does(asker.client.list_tools).tools]
    (anna,) = asker.call("list_people")["people"]  # the other one is seen in the hidden video alone
    assert anna["name"] == "Anna"
    assert {moment["video"] for moment in anna["moments"]} == {"colours.mp4"}
    change_settings(DataDir(shared).settings, faces=False)


def test_a_question_is_answered_with_what_it_rests_on(asker: Program, shared: Path) -> None:
    asker.told.clear()
    answer = asker.call("ask", question="What colour was the circle?", videos=["shapes-01"])
    assert answer["answer"]
    assert answer["frames"] > 0
    assert answer["citations"]
    assert {cited["video"] for cited in answer["citations"]} == {"shapes-01.mp4"}
    progress = [value for value, _ in asker.told]
    assert progress == sorted(set(progress))
    assert any("reading" in (message or "") for _, message in asker.told)
    assert history(shared)[-1] == ("What colour was the circle?", AnswerState.ANSWERED)


def test_a_question_about_the_library_reads_the_moments_that_match(asker: Program) -> None:
    answer = asker.call("ask", question="red")
    assert {moment["video"] for moment in answer["moments"]} == {"colours.mp4"}
    assert answer["answer"] is not None


def test_what_is_hidden_is_shown_to_nobody(asker: Program, secret_picture: int) -> None:
    everything = [
        asker.call("search", query="white", limit=50, weaker=True),
        asker.call("search", query=SECRET, limit=50),
        asker.call("list_videos"),
        asker.call("ask", question="white"),
        [resource.name for resource in asker.does(asker.client.list_resources).resources],
    ]
    assert SECRET not in json.dumps(everything)
    for tool in ("list_keyframes", "read_transcript", "list_chapters"):
        assert "is in the library" in asker.refused(tool, video=SECRET)
    assert "is in the library" in asker.refused("ask", question="red", videos=[f"{SECRET}.mp4"])
    for tool, what in (("search", "query"), ("list_videos", "query"), ("ask", "question")):
        assert "not shown to other programs" in asker.refused(tool, **{what: "is:hidden red"})
    with pytest.raises(MCPError, match="no such picture"):
        asker.does(asker.client.read_resource, f"retake://keyframe/{secret_picture}")


@pytest.mark.parametrize(
    "uri", ["retake://keyframe/999999", "retake://keyframe/x", "retake://keyframe/-1", "a://b"]
)
def test_pictures_that_there_are_not(asker: Program, uri: str) -> None:
    with pytest.raises(MCPError, match="no such picture"):
        asker.does(asker.client.read_resource, uri)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {}),
        ("search", {"query": ""}),
        ("search", {"query": "x" * 5000}),
        ("search", {"query": 5}),
        ("search", {"query": "red", "limit": 0}),
        ("search", {"query": "red", "limit": 51}),
        ("search", {"query": "red", "folder": "/"}),
        ("list_videos", {"sort": "colour"}),
        ("list_videos", {"limit": "many"}),
        ("list_keyframes", {"video": 999}),
        ("list_keyframes", {"video": "nothing.mp4"}),
        ("list_keyframes", {"video": None}),
        ("list_keyframes", {"video": "x" * 5000}),
        ("list_keyframes", {"video": "colours", "pictures": 21}),
        ("read_transcript", {"video": "colours", "start": -1}),
        ("read_transcript", {"video": "colours", "start": 5, "end": 5}),
        ("ask", {"question": "x" * 5000}),
        ("ask", {"question": "red", "videos": [1, 999]}),
        ("ask", {"question": "red", "videos": "colours"}),
        ("ask", {"question": " "}),
        ("cut_clip", {"video": "colours", "start": 0, "end": 1, "name": "a.mp4"}),
        ("delete_everything", {}),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(asker: Program, tool: str, arguments: dict[str, Any]) -> None:
    assert asker.refused(tool, **arguments)
    assert asker.call("list_videos")["total"] == 2


def test_a_question_that_is_cancelled_stops(program: Program, library: Path) -> None:
    asked = program.begin("ask", question="What colour was the circle?", videos=["shapes-01"])
    while not program.told:
        assert not asked.done()
        time.sleep(0.01)
    asked.cancel()
    assert program.call("list_videos")["total"] == 2  # it waits for no question
    program.call("ask", question="red")  # waits until the one before has ended
    assert [state for _, state in history(library)] == [AnswerState.STOPPED, AnswerState.ANSWERED]


def test_the_log_does_not_tell_what_was_asked(asker: Program, shared: Path) -> None:
    asker.call("search", query="hippopotamus title:walrus")
    asker.refused("list_chapters", video="rhinoceros.mp4")
    asker.refused("search", query="giraffe", colour="ostrich")
    asker.call("ask", question="Is there a hippopotamus?", videos=["colours"])
    log = DataDir(shared).log.read_text()
    for word in ("hippopotamus", "walrus", "rhinoceros", "giraffe", "ostrich", SAID, "circle"):
        assert word not in log
