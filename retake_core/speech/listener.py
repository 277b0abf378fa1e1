"""What is done with a stretch of sound: where do people speak, in which language, and what do they say."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.vad import VadOptions, collect_chunks, get_speech_timestamps
from tqdm import tqdm

from retake_core.media.ffmpeg.sound import RATE, Samples
from retake_core.speech.cues import HeardWord, lines
from retake_core.speech.stretch import Heard, SoundStretch

WINDOW = 30.0
"""Seconds of sound that the model takes at once."""
ENOUGH_VOTES = 4  # windows that vote for the language of a video
GAP = 0.5  # seconds of silence at which a stretch may be cut
# What voice activity detection takes for speech in noise and music, the model itself is not sure of.
_LEAST_SURE = -1.0  # mean log-probability of a text's tokens
_MOST_REPEATED = 2.4  # times that a text can be compressed
_TEMPERATURES = [0.0, 0.2, 0.4]
_SEED = 1
_SPEECH = VadOptions(min_silence_duration_ms=round(1000 * GAP), speech_pad_ms=200)


class Listener:
    """A loaded model.

    Args:
        folder: of the model.
        device: "cpu" or "cuda".
        compute_type: of CTranslate2.
        threads: that it may use.

    Raises:
        RuntimeError: it cannot be loaded, or there is not enough memory.
    """

    def __init__(self, folder: Path, device: str, compute_type: str, threads: int) -> None:
        # Its own would be a semaphore of the system, and stay there when this process is killed.
        tqdm.set_lock(threading.RLock())
        self._model = WhisperModel(
            str(folder), device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
        )

    def listen(self, stretch: SoundStretch, tell: Callable[[float], None]) -> Heard:
        """Write down what is said in a stretch.

        Args:
            stretch: the sound.
            tell: hears, now and then, how many of its seconds are done.

        Raises:
            RuntimeError: there is not enough memory.
        """
        samples = stretch.samples
        spans = [(s["start"], s["end"]) for s in get_speech_timestamps(samples, _SPEECH)]
        until = len(samples) if stretch.last else cut(spans, len(samples))
        spans = [(start, min(end, until)) for start, end in spans if start < until]
        if not spans:
            return Heard(until / RATE, votes=stretch.votes)
        samples = samples[:until]
        language, votes = self._language(samples, spans, stretch)
        # The same sound gives the same words, whether or not something was heard before it.
        ctranslate2.set_random_seed(_SEED)
        segments, _ = self._model.transcribe(
            samples,
            language=language,
            temperature=_TEMPERATURES,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
            vad_parameters=dataclasses.replace(_SPEECH),
        )
        words: list[HeardWord] = []
        for segment in segments:
            tell(float(segment.end))
            words += _words(segment)
        return Heard(until / RATE, lines(words), language, votes)

    def _language(
        self, samples: Samples, spans: list[tuple[int, int]], stretch: SoundStretch
    ) -> tuple[str, dict[str, float]]:
        """Return the language of a video, by the votes of its first windows with speech."""
        if stretch.language is not None or not self._model.model.is_multilingual:
            return stretch.language or "en", stretch.votes
        votes = dict(stretch.votes)
        chunks = [{"start": start, "end": end} for start, end in spans]
        speech = np.concatenate(collect_chunks(samples, chunks)[0])
        for window in _windows(speech):
            if sum(votes.values()) >= ENOUGH_VOTES - 0.5:
                break
            share = len(window) / (WINDOW * RATE)
            _, _, probabilities = self._model.detect_language(window)
            for language, probability in probabilities:
                if probability > 0.01:
                    votes[language] = votes.get(language, 0.0) + probability * share
        return max(votes, key=lambda language: votes[language]), votes


def cut(spans: list[tuple[int, int]], length: int) -> int:
    """Return where to end a stretch: in the longest silence of its second half, or at its end.

    Args:
        spans: where somebody speaks, in samples.
        length: of the stretch, in samples.
    """
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), length]
    gaps = [(start - end, (start + end) // 2) for end, start in zip(ends, starts, strict=True)]
    if not spans or length - ends[-1] >= GAP * RATE:
        return length
    inside = [gap for gap in gaps if gap[1] >= length / 2 and gap[0] > 0]
    return max(inside)[1] if inside else length


def _windows(samples: Samples) -> Iterator[Samples]:
    size = round(WINDOW * RATE)
    for start in range(0, len(samples), size):
        yield samples[start : start + size]


def _words(segment: Any) -> list[HeardWord]:
    if segment.avg_logprob < _LEAST_SURE or segment.compression_ratio > _MOST_REPEATED:
        return []
    return [HeardWord(float(word.start), float(word.end), word.word) for word in segment.words or ()]
