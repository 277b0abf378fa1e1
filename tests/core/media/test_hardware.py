"""Decoding on a graphics device: tried before it is trusted, left at its first error, and never in the way."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.media.decoders.choice import open_source
from retake_core.media.decoders.hardware import hardware_decoder
from retake_core.media.frames import Frame
from retake_core.media.hardware import sessions, verdicts
from retake_core.media.hardware.devices import GraphicsDevice, MissingDeviceError
from retake_core.media.hardware.news import (
    DeviceJudged,
    DeviceLeft,
    DeviceMissing,
    DeviceTaken,
    HardwareNews,
    HardwareOrder,
)
from retake_core.media.hardware.sessions import CRASHED, MOST_STREAMS, HardwareSessions
from retake_core.media.hardware.stream_kind import stream_kind
from retake_core.media.hardware.trial import FRAMES, judge
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.source import ProcessSource
from retake_core.system.verdicts import Verdict
from tests.support.in_process import ThreadDecoder, decode_in_threads
from tests.support.large_clip import KIND, large_clip
from tests.support.stand_in_device import StandIn, plugged_in

RATE = 4.0
LARGE = 1280 * 720


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return large_clip(tmp_path_factory.mktemp("large") / "clip.mp4", seconds=4)


@pytest.fixture(scope="module")
def expected(clip: Path) -> list[Frame]:
    with closing(open_source(clip, decoder="pyav")) as source:
        return list(source.frames(RATE))


def same(one: list[Frame], other: list[Frame]) -> bool:
    return alike(one, other, 0)


def alike(one: list[Frame], other: list[Frame], levels: float = 1.0) -> bool:
    """Return whether frames are the same, but for what different libraries make of them when they scale."""
    return [frame.time for frame in one] == [frame.time for frame in other] and all(
        np.abs(left.image.astype(int) - right.image).mean() <= levels
        for left, right in zip(one, other, strict=True)
    )


def decode(clip: Path, order: HardwareOrder) -> tuple[list[Frame], list[HardwareNews]]:
    news: list[HardwareNews] = []
    with closing(open_source(clip, first=hardware_decoder(order, news.append))) as source:
        return list(source.frames(RATE)), news


def order(**known: bool) -> HardwareOrder:
    return HardwareOrder(("cuda",), {"cuda": dict.fromkeys([KIND] * len(known), all(known.values()))})


def test_a_device_that_is_right_is_tried_once_and_decodes(clip: Path, expected: list[Frame]) -> None:
    with plugged_in(StandIn()) as (card,):
        frames, news = decode(clip, order())
        assert news == [DeviceTaken("cuda", KIND), DeviceJudged("cuda", KIND, Verdict(True))]
        assert same(frames, expected)
        assert card.transfers == FRAMES + len(expected)
        frames, news = decode(clip, order(right=True))
        assert news == [DeviceTaken("cuda", KIND)]
        assert same(frames, expected)
        assert card.transfers == FRAMES + 2 * len(expected)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (StandIn(brighter=6), "Its pictures are not what they should be."),
        (StandIn(later=1), "Its frames come at other times than they should."),
        (StandIn(leaves_out=5), "Its frames come at other times than they should."),
        (StandIn(fails_at=0), "It fails on this kind of video."),
        (StandIn(full_at=20), "It fails on this kind of video."),
        (StandIn(refuses=True), "It fails on this kind of video."),
    ],
)
def test_a_device_that_is_wrong_is_told_and_not_used(
    clip: Path, expected: list[Frame], wrong: StandIn, why: str
) -> None:
    with plugged_in(wrong):
        frames, news = decode(clip, order())
    assert DeviceJudged("cuda", KIND, Verdict(False, why)) in news
    assert news[-1] == DeviceLeft()
    assert alike(frames, expected)


def test_a_rounding_is_not_wrong(clip: Path) -> None:
    assert judge(clip, StandIn(brighter=1)) == Verdict(True)


def test_what_is_known_to_be_wrong_is_not_opened(clip: Path, expected: list[Frame]) -> None:
    with plugged_in(StandIn()) as (card,):
        frames, news = decode(clip, order(right=False))
        assert (card.opened, news) == ([], [DeviceLeft()])
    assert alike(frames, expected)


@pytest.mark.parametrize("fault", ["fails_at", "full_at", "leaves_out"])
@pytest.mark.parametrize("number", [0, 1, 17, 47])
def test_the_processor_goes_on_where_the_device_fails(
    clip: Path, expected: list[Frame], fault: str, number: int
) -> None:
    with plugged_in(StandIn(**{fault: number})):  # type: ignore[arg-type]
        frames, news = decode(clip, order(right=True))
    if fault == "leaves_out":  # told at the end only: times are right, and at most one cell has its next picture
        assert [round(frame.time * RATE) for frame in frames] == list(range(len(expected)))
    else:
        assert alike(frames, expected)
    assert news == [DeviceTaken("cuda", KIND), DeviceLeft()]


def test_a_device_that_is_missing_is_told_and_the_next_one_decodes(clip: Path, expected: list[Frame]) -> None:
    with plugged_in(StandIn("vaapi")) as (card,):
        frames, news = decode(clip, HardwareOrder(("cuda", "vaapi"), {"vaapi": {KIND: True}}))
        assert card.transfers == len(expected)
    assert news == [DeviceMissing("cuda", "There is no cuda."), DeviceTaken("vaapi", KIND)]
    assert same(frames, expected)


def test_this_computer_may_have_no_card_and_says_so() -> None:
    with pytest.raises(MissingDeviceError, match="does not know it"):
        GraphicsDevice("nonsense")


def test_a_file_too_short_to_tell_leaves_the_question_open(tmp_path: Path) -> None:
    short = large_clip(tmp_path / "short.mp4", seconds=2)
    with plugged_in(StandIn()):
        _, news = decode(short, order())
    assert news == [DeviceTaken("cuda", KIND), DeviceLeft()]


def test_small_videos_and_other_codecs_are_left_to_the_processor(clips: Path, clip: Path) -> None:
    assert stream_kind(clip) == KIND
    assert stream_kind(clips / "short.mp4") is None
    with plugged_in(StandIn()) as (card,):
        _, news = decode(clips / "short.mp4", order())
        assert (card.opened, news) == ([], [])


def test_verdicts_are_kept_for_one_driver_and_one_pyav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "speeds" / "decoding.json"
    Verdicts(path).keep("cuda", KIND, Verdict(True))
    Verdicts(path).keep("cuda", "hevc Main 10", Verdict(False, "It fails."))
    assert Verdicts(path).of("cuda") == {KIND: Verdict(True), "hevc Main 10": Verdict(False, "It fails.")}
    assert Verdicts(path).of("vaapi") == {}
    monkeypatch.setattr(verdicts, "version", lambda _: "99.0")
    assert Verdicts(path).of("cuda") == {}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cuda": 3}', b'{"cuda": {"h264": true}}', b"\xff"])
def test_a_damaged_file_of_verdicts_is_no_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "decoding.json"
    path.write_bytes(content)
    assert Verdicts(path).of("cuda") == {}
    Verdicts(path).keep("cuda", KIND, Verdict(True))
    assert Verdicts(path).of("cuda") == {KIND: Verdict(True)}


def test_what_cannot_be_written_is_known_while_the_program_runs(tmp_path: Path) -> None:
    (tmp_path / "speeds").write_text("in the way")
    kept = Verdicts(tmp_path / "speeds" / "decoding.json")
    kept.keep("cuda", KIND, Verdict(True))
    assert kept.of("cuda") == {KIND: Verdict(True)}


def test_streams_and_memory_of_the_card_are_bounded() -> None:
    card = HardwareSessions("cuda", Verdicts(None))
    small = [card.begin(LARGE) for _ in range(MOST_STREAMS + 1)]
    assert [session.order is not None for session in small] == [True] * MOST_STREAMS + [False]
    for session in small:
        session.end()
    large = [card.begin(3840 * 2160) for _ in range(3)]
    assert [session.order is not None for session in large] == [True, True, False]
    large[0].hear(DeviceLeft())  # its room is free although its task goes on
    assert card.begin(LARGE).order is not None
    assert HardwareSessions("cuda", Verdicts(None)).begin(7680 * 4320).order is None
    assert HardwareSessions("cuda", Verdicts(None)).begin(640 * 480).order is None
    assert HardwareSessions("off", Verdicts(None)).begin(LARGE).order is None


def test_the_choice_says_which_devices_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "decoding_devices", lambda: ("cuda", "vaapi"))
    for choice, devices in (("auto", ("cuda", "vaapi")), ("vaapi", ("vaapi",))):
        session = HardwareSessions(choice, Verdicts(None)).begin(LARGE)  # type: ignore[arg-type]
        assert session.order is not None
        assert session.order.devices == devices


def test_a_device_that_is_missing_is_not_asked_for_again() -> None:
    card = HardwareSessions("cuda", Verdicts(None))
    session = card.begin(LARGE)
    session.hear(DeviceMissing("cuda", "There is none."))
    session.end()
    assert card.begin(LARGE).order is None


class Crashing(ThreadDecoder):
    """Dies when a device has begun."""

    begun = False

    def receive(self) -> object:
        message = super().receive()
        if self.begun:
            raise DecoderDiedError("The decoder crashed on it.")
        self.begun = isinstance(message, DeviceTaken)
        return message


def test_a_driver_that_crashes_is_not_used_again(
    clip: Path, expected: list[Frame], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    decode_in_threads(monkeypatch, Crashing)
    kept = tmp_path / "decoding.json"
    with plugged_in(StandIn()):
        reader = ProcessSource(clip, 224, 1, CancelToken(), HardwareSessions("cuda", Verdicts(kept)))
        with closing(reader):
            assert same(list(reader.frames(RATE)), expected)
    assert Verdicts(kept).of("cuda") == {KIND: Verdict(False, CRASHED)}


def test_the_frames_of_a_question_come_from_the_card(
    clip: Path, expected: list[Frame], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    decode_in_threads(monkeypatch)
    card = HardwareSessions("cuda", Verdicts(tmp_path / "decoding.json"))
    with plugged_in(StandIn()) as (stand_in,):
        with closing(ProcessSource(clip, 224, 1, CancelToken(), card)) as reader:
            assert same(list(reader.frames(RATE)), expected)
        assert stand_in.transfers == FRAMES + len(expected)
    assert card.begin(LARGE).order == HardwareOrder(("cuda",), {"cuda": {KIND: True}})
