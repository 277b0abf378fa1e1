"""The parts of listening: lines, cuts, languages, devices."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from retake_core.media.ffmpeg.sound import RATE
from retake_core.speech import devices, listener
from retake_core.speech.cues import HeardWord, SpokenLine, lines
from retake_core.speech.devices import CARD, CPU, Device, Ladder
from retake_core.speech.listener import Listener, cut
from retake_core.speech.stretch import Heard, ListenMessage, Moved, Reached, SoundStretch, Unusable

SECOND = RATE
SILENCE = np.zeros(60 * RATE, np.float32)


def words(*texts: str, start: float = 0.0, each: float = 0.5, pause: float = 0.0) -> list[HeardWord]:
    step = each + pause
    return [HeardWord(start + i * step, start + i * step + each, f" {text}") for i, text in enumerate(texts)]


def test_a_line_is_a_sentence() -> None:
    spoken = [*words("Hello", "there.", "How", 'are."', "You")]
    assert lines(spoken) == [
        SpokenLine(0.0, 1.0, "Hello there."),
        SpokenLine(1.0, 2.0, 'How are."'),
        SpokenLine(2.0, 2.5, "You"),
    ]


def test_a_line_ends_at_a_pause_and_before_it_is_too_long() -> None:
    assert [line.text for line in lines(words("one") + words("two", start=1.4))] == ["one", "two"]
    assert [line.text for line in lines(words("one") + words("two", start=1.2))] == ["one two"]
    long = lines(words(*"abcdefghij", each=1.0))
    assert [line.text for line in long] == ["a b c d e f g h", "i j"]
    assert lines([HeardWord(0.0, 1.0, "  ")]) == []


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 120),
        ([(10, 20)], 120),  # nothing is cut in two
        ([(10, 119.4)], 120),
        ([(10, 50), (60, 80), (82, 110), (111, 120)], 81),  # the longest silence of the second half
        ([(0, 30), (50, 120)], 120),  # there is none
    ],
)
def test_a_stretch_ends_in_silence(spans: list[tuple[float, float]], expected: float) -> None:
    samples = [(round(start * SECOND), round(end * SECOND)) for start, end in spans]
    assert cut(samples, 120 * SECOND) == expected * SECOND


class FakeModel:
    """Speaks German, and believes for its first windows that it is Dutch."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.model = SimpleNamespace(is_multilingual=True)
        self.windows = 0
        self.languages: list[str] = []

    def detect_language(self, _samples: Any) -> tuple[str, float, list[tuple[str, float]]]:
        self.windows += 1
        found = [("nl", 0.6), ("de", 0.4)] if self.windows == 1 else [("de", 0.9), ("nl", 0.1)]
        return (*found[0], found)

    def transcribe(self, _samples: Any, *, language: str, **_: Any) -> tuple[list[Any], None]:
        self.languages.append(language)
        heard = SimpleNamespace(start=1.0, end=2.0, word=" ja", probability=0.9)
        sure = SimpleNamespace(end=2.0, words=[heard], avg_logprob=-0.2, compression_ratio=1.0)
        unsure = SimpleNamespace(end=3.0, words=[heard], avg_logprob=-1.5, compression_ratio=1.0)
        repeated = SimpleNamespace(end=4.0, words=[heard], avg_logprob=-0.2, compression_ratio=9.0)
        return [sure, unsure, repeated], None


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    model = FakeModel()
    monkeypatch.setattr(listener, "WhisperModel", lambda *_, **__: model)
    monkeypatch.setattr(listener, "get_speech_timestamps", lambda s, _: [{"start": 0, "end": len(s)}])
    return model


def test_the_first_windows_of_a_video_vote_for_its_language(model: FakeModel) -> None:
    heard = Listener(Path(), "cpu", "int8", 1)
    votes: dict[str, float] = {}
    for _ in range(4):
        result = heard.listen(SoundStretch(SILENCE[: 30 * RATE], True, None, votes), lambda _: None)
        votes = result.votes
    assert model.languages == ["nl", "de", "de", "de"]
    assert votes["de"] > votes["nl"] > 0.5
    heard.listen(SoundStretch(SILENCE, True, None, votes), lambda _: None)
    assert model.windows == 4  # it is settled
    heard.listen(SoundStretch(SILENCE, True, "fr", {}), lambda _: None)
    assert model.languages[-1] == "fr"
    model.model.is_multilingual = False
    assert heard.listen(SoundStretch(SILENCE, True, None, {}), lambda _: None).language == "en"


def test_what_the_model_is_not_sure_of_is_not_written_down(model: FakeModel) -> None:
    told: list[float] = []
    result = Listener(Path(), "cpu", "int8", 1).listen(SoundStretch(SILENCE, True, "de", {}), told.append)
    assert result.lines == [SpokenLine(1.0, 2.0, "ja")]
    assert told == [2.0, 3.0, 4.0]
    assert model.windows == 0


class FakeListener:
    def __init__(self, _model: Path, device: str, compute_type: str, _threads: int) -> None:
        self.device = Device(device, compute_type)
        if self.device in FakeListener.cannot_load:
            raise RuntimeError("CUDA failed with error out of memory")

    cannot_load: tuple[Device, ...] = ()
    cannot_run: tuple[Device, ...] = ()

    def listen(self, _stretch: SoundStretch, tell: Any) -> Heard:
        tell(1.0)
        if self.device in FakeListener.cannot_run:
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")
        return Heard(2.0, [SpokenLine(0.0, 1.0, self.device.compute_type)])


@pytest.mark.parametrize(
    ("card", "cannot_load", "cannot_run", "moves", "runs_as"),
    [
        (True, (), (), 0, "float16"),
        (True, CARD[:1], (), 1, "int8_float16"),
        (True, CARD[:1], CARD[1:], 2, "int8"),
        (False, (), (), 0, "int8"),
        (True, CARD, (CPU,), 2, None),
    ],
)
def test_a_model_steps_down_to_a_device_that_holds_it(
    monkeypatch: pytest.MonkeyPatch,
    card: bool,
    cannot_load: tuple[Device, ...],
    cannot_run: tuple[Device, ...],
    moves: int,
    runs_as: str | None,
) -> None:
    monkeypatch.setattr(devices, "_cards", lambda: list(CARD))
    monkeypatch.setattr(listener, "Listener", FakeListener)
    monkeypatch.setattr(FakeListener, "cannot_load", cannot_load)
    monkeypatch.setattr(FakeListener, "cannot_run", cannot_run)
    told: list[ListenMessage] = []
    Ladder(Path(), 1, card=card, tell=told.append).listen(SoundStretch(SILENCE, True, None, {}))
    assert len([message for message in told if isinstance(message, Moved)]) == moves
    assert Reached(1.0) in told
    last = told[-1]
    if runs_as is None:
        assert isinstance(last, Unusable)
    else:
        assert isinstance(last, Heard)
        assert last.lines[0].text == runs_as


def test_without_a_card_there_is_the_processor() -> None:
    assert devices._cards() == []
