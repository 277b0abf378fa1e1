"""Memories of videos on the command line."""

from pathlib import Path

from tests.core.cli.asking.desk import FRAMES, Desk


def test_memories_can_be_listed_pinned_evicted_and_bounded(desk: Desk) -> None:
    assert "No video is remembered" in desk.run("memories")[0]
    for name in ("party.mp4", "beach.mp4"):
        desk.ask("--video", name)
    listed = desk.document("memories", "--pin", "party.mp4")
    assert [Path(entry["video"]).name for entry in listed["memories"]] == ["beach.mp4", "party.mp4"]
    assert [entry["pinned"] for entry in listed["memories"]] == [False, True]
    assert listed["total_bytes"] == sum(entry["bytes"] for entry in listed["memories"])
    assert listed["quota_bytes"] == 20 * 10**9
    small = desk.document("memories", "--quota", "0.0001MB")
    assert [Path(entry["video"]).name for entry in small["memories"]] == ["party.mp4"]
    assert desk.document("memories")["quota_bytes"] == 100
    assert desk.document("memories", "--unpin", "party.mp4")["memories"][0]["pinned"] is False
    assert "party.mp4" in desk.run("memories")[0]
    assert desk.document("memories", "--evict", "party.mp4")["memories"] == []
    assert "is no size" in desk.run("memories", "--quota", "much", code=2)[1]


def test_new_memories_are_as_exact_as_the_settings_say(desk: Desk) -> None:
    sizes, options = {}, ("--video", "party.mp4", "--model", desk.model, "--frames", FRAMES)
    for precision in ("full", "8bit", "4bit"):
        desk.run("memories", "--precision", precision)
        planned = desk.document("plan", *options)["stored_bytes"]
        desk.ask("--video", "party.mp4")
        (memory,) = desk.document("memories")["memories"]
        assert planned < memory["bytes"] < planned + 12_000  # the header of the file
        assert desk.document("plan", *options)["stored_bytes"] == memory["bytes"]
        sizes[precision] = planned
        desk.run("memories", "--evict", "party.mp4")
    assert sizes["full"] > sizes["8bit"] > sizes["4bit"]
