"""What the tests ask of a decoder, to be run in the child process: times and numbers, no pictures."""

import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from av.video.frame import VideoFrame

from retake_core.errors import MediaError
from retake_core.media.decoders import registry
from retake_core.media.decoders.choice import open_source
from retake_core.media.decoders.hardware import HardwareSource, Tell
from retake_core.media.decoders.key_frames import KeyFrameScan, PacketIndex
from retake_core.media.decoders.registry import DECODERS, HARDWARE, SAFE, Decoder, DecoderName
from retake_core.media.ffmpeg.picture import Picture, PictureTimer
from retake_core.media.ffmpeg.picture_decoder import PictureDecoder
from retake_core.media.frames import Frame, FrameSource
from retake_core.media.hardware.news import HardwareNews
from retake_core.media.video_info import Span, VideoInfo
from tests.contract.barcode import COLOUR_ERROR, TONE_ERROR, IllegibleError, read
from tests.support.stand_in_device import StandIn

EVERY = 1000.0
"""Cells of a millisecond: no frame is left out."""

WHATEVER_THE_SIZE = tuple(replace(decoder, least_pixels=0, skips=True) for decoder in DECODERS)


class Seen(NamedTuple):
    """A frame: its time, the number read from it (-1: illegible), a checksum of its pixels, its shape."""

    time: float
    number: int
    checksum: int
    shape: tuple[int, ...]


class Query(NamedTuple):
    """A call of `frames`."""

    rate: float
    spans: list[Span] | None = None


def _open(path: Path, decoder: DecoderName, short_side: int = 224) -> FrameSource:
    """Open a clip as if it were large: made clips are small, and the choice must be right for large ones."""
    registry.DECODERS = WHATEVER_THE_SIZE
    if decoder == HARDWARE:
        return open_source(path, short_side=short_side, first=on_card(StandIn()))
    return open_source(path, decoder=decoder, short_side=short_side)


def on_card(card: StandIn, tell: Tell = lambda _: None) -> Decoder:
    """Return a decoder that leaves every file to a device, whatever its kind; what that does not read goes on."""

    def opened(path: Path, short_side: int, _threads: int) -> HardwareSource:
        return HardwareSource(path, short_side, card, tell)

    return Decoder(HARDWARE, opened)


def reads(path: Path, decoder: DecoderName) -> bool:
    """Return whether a decoder says that it reads a file rightly."""
    try:
        _open(path, decoder).close()
    except MediaError:
        return False
    return True


def frames(path: Path, decoder: DecoderName, *queries: Query, short_side: int = 224) -> list[list[Seen]]:
    """Return what each query gives, asked one after the other of one source."""
    source = _open(path, decoder, short_side)
    try:
        return [[_seen(frame, source.info) for frame in source.frames(*query)] for query in queries]
    finally:
        source.close()


class Decoding(NamedTuple):
    """What queries gave, or the sentence of one that gave nothing, and how many pictures were decoded for it."""

    seen: list[list[Seen] | str]
    decoded: int


def skipping(path: Path, *queries: Query) -> Decoding:
    """Ask PyAV, which leaves out what it can."""
    seen: list[list[Seen] | str] = []
    with pytest.MonkeyPatch.context() as patch:
        decoded = _count_pictures(patch)
        for query in queries:
            try:
                seen += frames(path, SAFE, query)
            except MediaError as error:
                seen.append(str(error))
    return Decoding(seen, len(decoded))


def decoding_all(path: Path, *queries: Query) -> Decoding:
    """Ask PyAV, and let it leave out nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PictureDecoder, "may_skip", False)
        return skipping(path, *queries)


def _count_pictures(patch: pytest.MonkeyPatch) -> list[float]:
    """Return a list of the times of all pictures that are decoded from now on."""
    times: list[float] = []
    real = PictureTimer.picture

    def noting(self: PictureTimer, coded: VideoFrame) -> Picture:
        picture = real(self, coded)
        times.append(picture[0])
        return picture

    patch.setattr(PictureTimer, "picture", noting)
    return times


class OnCard(NamedTuple):
    """What came of leaving a file to a device: pictures that it decoded, and copied, and whether it was left."""

    decoded: int
    copied: int
    left: bool


def by_card(path: Path, rate: float) -> OnCard:
    """Sample a file on a device."""
    registry.DECODERS = WHATEVER_THE_SIZE
    card, news = StandIn(), list[HardwareNews]()
    source = open_source(path, first=on_card(card, news.append))
    try:
        for _ in source.frames(rate):
            pass
    finally:
        source.close()
    return OnCard(card.decoded, card.transfers, bool(news))


def frames_at(path: Path, decoder: DecoderName, times: list[float]) -> list[Seen]:
    """Return the frames on screen at times."""
    source = _open(path, decoder)
    try:
        return [_seen(source.frame_at(time), source.info) for time in times]
    finally:
        source.close()


def key_frames(path: Path, rate: float) -> tuple[list[Seen], PacketIndex]:
    """Return what the quick pass gives."""
    scan = KeyFrameScan(path)
    return [_seen(frame, scan.info) for frame in scan.frames(rate)], scan.packets


def outcome(path: Path, decoder: DecoderName | None) -> list[float] | str:
    """Return the times of all frames (without a decoder: of the quick pass), or the MediaError's sentence."""
    try:
        if decoder is None:
            return [seen.time for seen in key_frames(path, EVERY)[0]]
        return [seen.time for seen in frames(path, decoder, Query(EVERY))[0]]
    except MediaError as error:
        return str(error)


def heavy_modules() -> set[str]:
    """Return the names of slow modules that decoding has imported."""
    return {"torch", "transformers", "faiss", "sqlalchemy"} & set(sys.modules)


def _seen(frame: Frame, info: VideoInfo) -> Seen:
    if not frame.image.flags.c_contiguous or frame.image.dtype != "uint8":
        raise AssertionError("frames are contiguous bytes")
    try:
        number = read(frame.image, COLOUR_ERROR if info.plain or info.interlaced else TONE_ERROR)
    except IllegibleError:
        number = -1
    return Seen(frame.time, number, zlib.crc32(frame.image.tobytes()), frame.image.shape)
