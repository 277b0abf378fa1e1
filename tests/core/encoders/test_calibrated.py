"""Cut-offs by what an encoder makes of a library: with made vectors, whose matches are known."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.cancel import CancelToken
from retake_core.encoders.calibrated import CalibratedEncoder, Levels, measured
from retake_core.encoders.noise_words import WORDS, forget_other_noise, noise_texts, read_noise, write_noise
from retake_core.errors import Cancelled

DIMENSION, COMMON = 96, 0.2
GUESS = Levels(0.3, 50.0, 0.8, 20.0)
Vectors = NDArray[np.float32]


def directions(count: int, seed: int) -> Vectors:
    """Return vectors that have a part in common, as all pictures have with all texts of a contrastive model."""
    found = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return unit(unit(found) + np.float32(COMMON))


def unit(vectors: Vectors) -> Vectors:
    result: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return result


def showing(text: Vectors, seed: int, *, how_much: float = 0.9) -> Vectors:
    """Return a picture that shows what a text describes."""
    return unit(directions(1, seed)[0] + how_much * text)


@pytest.fixture(scope="module")
def pictures() -> Vectors:
    return directions(2000, 1)


@pytest.fixture(scope="module")
def videos() -> NDArray[np.int64]:
    return np.repeat(np.arange(100), 20)


def levels_of(pictures: Vectors, videos: NDArray[np.int64], words: Vectors, keyframes: int = 0) -> Levels:
    return measured(GUESS, words, pictures, videos, keyframes or len(pictures))


class Encoder(CalibratedEncoder):
    """Its texts are directions, each in the same one every time."""

    def __init__(self, name: str = "made") -> None:
        self.id, self.dimension, self.levels = name, DIMENSION, GUESS
        self.encoded = 0

    def encode_texts(self, texts: object) -> Vectors:
        assert isinstance(texts, tuple | list)
        self.encoded += len(texts)
        return np.concatenate([directions(1, sum(map(ord, text))) for text in texts])


def test_words_that_nothing_shows_find_nothing_and_others_do(pictures: Vectors, videos: NDArray[np.int64]) -> None:
    encoder = Encoder()
    encoder.levels = levels_of(pictures, videos, directions(WORDS, 2))
    absent = directions(400, 3)
    alarms = float((encoder.confidence((pictures @ absent.T).max(axis=0)) >= 0.5).mean())
    assert 0 < alarms < 0.1
    shown = np.stack([showing(text, 10_000 + i) @ text for i, text in enumerate(absent[:100])])
    assert float((encoder.confidence(shown) >= 0.5).mean()) > 0.95


def test_words_that_are_shown_do_not_raise_the_floor(pictures: Vectors, videos: NDArray[np.int64]) -> None:
    words = directions(WORDS, 2)
    before = levels_of(pictures, videos, words)
    with_matches = pictures.copy()
    for i in range(WORDS // 4):
        with_matches[i] = showing(words[i], i)
    after = levels_of(with_matches, videos, words)
    spread = 3 / before.slope
    assert abs(after.floor - before.floor) < spread


def test_a_large_library_has_a_higher_floor_than_its_sample(videos: NDArray[np.int64]) -> None:
    words, every = directions(WORDS, 2), np.concatenate([directions(2000, 50 + i) for i in range(20)])
    estimated = levels_of(every[::20], videos, words, len(every)).floor
    assert estimated > levels_of(every[::20], videos, words).floor
    assert estimated == pytest.approx(levels_of(every, np.repeat(videos, 20), words).floor, abs=0.03)


def test_pictures_of_other_videos_are_hardly_ever_alike(pictures: Vectors, videos: NDArray[np.int64]) -> None:
    encoder = Encoder()
    encoder.levels = levels_of(pictures, videos, directions(WORDS, 2))
    others = directions(1000, 60)
    assert float((encoder.likeness(pictures[0], others) >= 0.5).mean()) < 0.06
    near = unit(pictures[0] + 0.2 * directions(1, 61))
    assert encoder.likeness(pictures[0], near)[0] > 0.9


def test_nearly_the_same_picture_is_alike_in_a_library_of_one_scene() -> None:
    scene = unit(directions(1, 5) + 0.02 * directions(200, 6))
    levels = levels_of(scene, np.arange(200) // 20, directions(WORDS, 2))
    assert levels.alike == pytest.approx(0.95)
    assert np.isfinite([levels.floor, levels.slope, levels.alike_slope]).all()


def test_too_few_pictures_change_nothing() -> None:
    few = directions(5, 1)
    assert levels_of(few, np.arange(5), directions(WORDS, 2)) == GUESS
    one_video = levels_of(directions(50, 1), np.zeros(50, np.int64), directions(WORDS, 2))
    assert (one_video.alike, one_video.alike_slope) == (GUESS.alike, GUESS.alike_slope)
    assert one_video.floor != GUESS.floor


def test_the_descriptions_are_many_and_different() -> None:
    texts = noise_texts()
    assert len(set(texts)) == len(texts) == WORDS
    assert sum(" and " in text for text in texts) == WORDS // 2


def test_they_are_encoded_once_and_kept_for_each_encoder(tmp_path: Path) -> None:
    place, encoder, other = tmp_path / "vectors", Encoder(), Encoder("other")
    assert read_noise(place, encoder) is None
    write_noise(place, encoder, CancelToken())
    write_noise(place, encoder, CancelToken())
    assert encoder.encoded == WORDS
    found = read_noise(place, encoder)
    assert found is not None
    np.testing.assert_array_equal(found, Encoder().encode_texts(noise_texts()))
    assert read_noise(place, other) is None
    write_noise(place, other, CancelToken())
    forget_other_noise(place, other.id)
    assert read_noise(place, encoder) is None
    assert read_noise(place, other) is not None


@pytest.mark.parametrize("harm", [b"", b"\x93NUMPY\x01", b"nothing of the kind", None], ids=repr)
def test_a_damaged_file_is_made_anew(tmp_path: Path, harm: bytes | None) -> None:
    encoder = Encoder()
    write_noise(tmp_path, encoder, CancelToken())
    (path,) = tmp_path.iterdir()
    if harm is None:
        np.save(path, np.full((WORDS, DIMENSION), np.nan, np.float32))
    else:
        path.write_bytes(harm)
    assert read_noise(tmp_path, encoder) is None
    write_noise(tmp_path, encoder, CancelToken())
    assert read_noise(tmp_path, encoder) is not None


def test_encoding_them_can_be_stopped(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        write_noise(tmp_path, Encoder(), token)
    assert not list(tmp_path.iterdir())
