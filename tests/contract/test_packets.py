"""Which packets are decoded: as few as the wanted pictures need."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.ffmpeg.packets import PacketGate, PacketReader, VideoPacket
from tests.contract.clips import X264, Recipe
from tests.contract.conftest import ClipMaker


def released(path: Path, wanted: float) -> list[float]:
    """Return the times of the packets that a gate lets through."""
    reader = PacketReader(path)
    gate = PacketGate(wanted)
    passed: list[VideoPacket] = []
    for packet in reader.packets():
        passed += gate.push(packet, reader.time(packet))[1]
    passed += gate.release()[1]
    return sorted(time for packet in passed if (time := reader.time(packet)) is not None)


@pytest.mark.parametrize(
    ("wanted", "first"), [(-math.inf, 0.0), (0.0, 0.0), (0.99, 0.0), (1.0, 1.0), (1.5, 1.0), (9.0, 2.0)]
)
def test_decoding_begins_at_the_last_key_packet_before(wanted: float, first: float, clip: ClipMaker) -> None:
    assert released(clip("h264.mp4").path, wanted)[0] == first


def test_open_groups_are_entered_before_their_leading_pictures(clip: ClipMaker) -> None:
    """A picture shown before the key picture, but stored after it, needs the group before."""
    assert released(clip("h264_open_group.mkv").path, 0.92)[0] < 0.5


def test_a_gate_asked_for_more_holds_back_again(clip: ClipMaker) -> None:
    reader = PacketReader(clip("h264.mp4").path)
    gate = PacketGate(0.0)
    times: list[float] = []
    for packet in reader.packets():
        passed = gate.push(packet, reader.time(packet))[1]
        times += [time for one in passed if (time := reader.time(one)) is not None]
        if len(times) == 5:
            gate.want(2.0)
    assert sorted(times)[5] == 2.0
    assert len(times) == 5 + 25


@pytest.mark.parametrize("name", ["long.mp4", "long.mkv"])
def test_a_resume_far_into_a_file_reads_only_the_rest(
    name: str, clip: ClipMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[float | None] = []
    packets = PacketReader.packets

    def counted(reader: PacketReader) -> Iterator[VideoPacket]:
        for packet in packets(reader):
            read.append(reader.time(packet))
            yield packet

    monkeypatch.setattr(PacketReader, "packets", counted)
    source = PyAVSource(clip(name).path)
    assert [frame.time for frame in source.frames(1.0, [(90.0, math.inf)])] == list(range(90, 100))
    assert len(read) <= 45
    read.clear()
    assert source.frame_at(95.0).time == 95.0
    assert len(read) <= 45


def test_what_fits_no_memory_is_decoded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One endless group of pictures is not held back as a whole."""
    path = Recipe("h264.mkv", f"{X264} -g 1000 -keyint_min 1000").encode(folder)
    monkeypatch.setattr("retake_core.media.ffmpeg.packets._MAX_HELD_BYTES", 2000)
    assert [frame.time for frame in PyAVSource(path).frames(2.0, [(2.0, math.inf)])] == [2.0, 2.52]
