"""The automatic choice of a decoder, and what happens when decord fails midway."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retake_core.errors import MediaError
from retake_core.media.decoders import registry
from retake_core.media.decoders.choice import open_source
from retake_core.media.decoders.decord import DecordSource
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.decoders.registry import DECODERS
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.frames import Frame
from retake_core.media.video_info import Span
from tests.support.fakes import make_clip


class FailsAfter:
    """Gives so many frames, then finds the file damaged."""

    count = 3

    def __init__(self, path: Path, short_side: int, threads: int) -> None:
        self._source = PyAVSource(path, short_side, threads)
        self.info = self._source.info

    def close(self) -> None:
        self._source.close()

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        for number, frame in enumerate(self._source.frames(rate, spans)):
            if number == self.count:
                raise MediaError("It is damaged.")
            yield frame

    def frame_at(self, time: float) -> Frame:  # noqa: ARG002
        raise MediaError("It is damaged.")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("fallback") / "clip.mp4", [(4.0, "red"), (4.0, "blue")])


def prefer(monkeypatch: pytest.MonkeyPatch, opener: Any, least_pixels: int = 0, *, skips: bool = True) -> None:
    """Let something else stand in for the decoder that is preferred."""
    first, *rest = DECODERS
    preferred = replace(first, open=opener, least_pixels=least_pixels, skips=skips)
    monkeypatch.setattr(registry, "DECODERS", (preferred, *rest))


@pytest.mark.parametrize("spans", [None, [(1.0, 2.0), (5.0, 7.0)]])
def test_frames_go_on_where_the_first_decoder_failed(
    clip: Path, monkeypatch: pytest.MonkeyPatch, spans: list[Span] | None
) -> None:
    expected = [frame.time for frame in PyAVSource(clip).frames(2, spans)]
    prefer(monkeypatch, FailsAfter)
    source = open_source(clip)
    assert [frame.time for frame in source.frames(2, spans)] == expected
    source.close()


def test_one_frame_comes_from_the_other_decoder(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prefer(monkeypatch, FailsAfter)
    source = open_source(clip)
    assert source.frame_at(5.0).time == PyAVSource(clip).frame_at(5.0).time
    source.close()


def test_a_file_that_decord_cannot_open_is_read_all_the_same(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise MediaError("It cannot be opened.")

    prefer(monkeypatch, refuse)
    source = open_source(clip)
    assert len(list(source.frames(2))) == 16
    source.close()


def test_where_the_preferred_decoder_is_not_installed_the_next_one_reads(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefer(monkeypatch, DecordSource)
    monkeypatch.setitem(sys.modules, "decord", None)
    source = open_source(clip)
    assert len(list(source.frames(2))) == 16
    source.close()


def test_what_no_decoder_can_read_to_the_end_gives_what_they_read(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tuple(replace(each, open=FailsAfter, least_pixels=0, skips=True) for each in DECODERS)
    monkeypatch.setattr(registry, "DECODERS", failing)
    source = open_source(clip)
    times: list[float] = []
    with pytest.raises(MediaError, match="damaged"):
        times += (frame.time for frame in source.frames(2))
    assert times == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    source.close()


def test_small_pictures_do_not_go_to_decord(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prefer(monkeypatch, FailsAfter, DECODERS[0].least_pixels)
    assert type(open_source(clip)) is PyAVSource


def test_what_can_be_left_out_goes_to_the_decoder_that_leaves_it_out(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefer(monkeypatch, FailsAfter, skips=False)
    assert probe(clip).has_spare_pictures
    assert type(open_source(clip)) is PyAVSource
