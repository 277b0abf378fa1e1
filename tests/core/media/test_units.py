"""What the units of a packet tell: where decoding begins afresh, and which pictures are referred to."""

from typing import cast

import pytest
from av.codec import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from retake_core.media.ffmpeg.packets import VideoPacket
from retake_core.media.ffmpeg.units import UnitReader

TRAIL_N, TSA_N, RADL_N, IDR, CRA, SEQUENCE, NOTE = 0, 2, 6, 19, 21, 33, 39


def _unit(kind: int, layer: int = 0, content: bytes = b"\x01\x02") -> bytes:
    """Return a unit of HEVC."""
    return bytes([kind << 1, layer + 1]) + content


def _sequence(layers: int) -> bytes:
    return _unit(SEQUENCE, content=bytes([layers - 1 << 1, 0]))


def _with_lengths(*units: bytes) -> bytes:
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)


def _with_start_codes(*units: bytes) -> bytes:
    return b"".join(b"\x00\x00\x00\x01" + unit for unit in units)


def _file_header(sequence: bytes) -> bytes:
    """Return a header as MP4 has it: lengths of four bytes, and one kind of units."""
    return bytes([1, *bytes(20), 3, 1, SEQUENCE, 0, 1]) + len(sequence).to_bytes(2, "big") + sequence


def _reader(header: bytes, codec: str = "hevc") -> UnitReader:
    decoder = CodecContext.create(codec, "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.extradata = header
    return UnitReader(decoder)


def _packet(data: bytes) -> VideoPacket:
    return cast(VideoPacket, Packet(data))


@pytest.mark.parametrize("in_file", [True, False])
def test_a_picture_of_a_lower_layer_may_be_needed_by_those_above(in_file: bool) -> None:
    join = _with_lengths if in_file else _with_start_codes
    reader = _reader(_file_header(_sequence(3)) if in_file else _with_start_codes(_sequence(3)))
    assert not reader.is_top_layer(_packet(join(_unit(TRAIL_N))))
    assert not reader.is_top_layer(_packet(join(_unit(NOTE, 2), _unit(TSA_N, 1))))
    assert reader.is_top_layer(_packet(join(_unit(NOTE), _unit(TSA_N, 2))))


def test_layers_that_only_the_stream_tells_of_count_too() -> None:
    reader, spare = _reader(b""), _packet(_with_start_codes(_unit(TRAIL_N)))
    assert reader.is_top_layer(spare)
    reader.learn(_packet(_with_start_codes(_sequence(2), _unit(IDR))))
    assert not reader.is_top_layer(spare)


def test_what_holds_no_picture_is_of_no_layer() -> None:
    assert not _reader(b"").is_top_layer(_packet(_with_start_codes(_unit(NOTE))))


def test_decoding_begins_afresh_only_where_nothing_looks_back() -> None:
    reader = _reader(b"")
    assert reader.begins_afresh(_packet(_with_start_codes(_sequence(1), _unit(IDR))))
    assert not reader.begins_afresh(_packet(_with_start_codes(_sequence(1), _unit(CRA))))
    assert not reader.begins_afresh(_packet(_with_start_codes(_unit(RADL_N))))
    older = _reader(b"", "h264")
    assert older.begins_afresh(_packet(_with_start_codes(b"\x67\x01\x02", b"\x65\x01\x02")))
    assert not older.begins_afresh(_packet(_with_start_codes(b"\x06\x06\x01", b"\x41\x01\x02")))


def test_parameters_are_told_from_pictures() -> None:
    assert _reader(b"").sets_parameters(_packet(_with_start_codes(_unit(34), _unit(TRAIL_N))))
    assert not _reader(b"").sets_parameters(_packet(_with_start_codes(_unit(TRAIL_N))))
    header = bytes([1, 100, 0, 31, 0xFF, 0, 0])  # of H.264, with lengths of four bytes
    assert _reader(header, "h264").sets_parameters(
        _packet(_with_lengths(b"\x09\xf0", b"\x68\x01\x02", b"\x41\x01\x02"))
    )
    assert not _reader(header, "h264").sets_parameters(_packet(_with_lengths(b"\x41\x68\x68")))


def test_a_header_or_a_packet_that_is_cut_short_tells_what_it_holds() -> None:
    whole = _file_header(_sequence(3))
    for end in range(len(whole)):
        _reader(whole[:end]).is_top_layer(_packet(_with_lengths(_unit(TSA_N, 2))[:7]))
