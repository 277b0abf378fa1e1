"""What the pixels of a picture tell, and which words ask for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from retake_core.encoders.attribute_words import needs_attributes, read_attributes
from retake_core.encoders.attributes import LEAST, NAMES, SHAPES, confidence, measure
from retake_core.encoders.builtin import BuiltinEncoder
from retake_core.media.thumbnails import decode_thumbnail, encode_thumbnail
from tests.support.fakes import FakeEncoder

RED, YELLOW, GREEN, GREY = (205, 30, 35), (230, 210, 40), (40, 170, 60), (120, 120, 120)
OUTLINES = {
    "circle": [(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)],
    "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
    "triangle": [(0, -1), (0.87, 0.5), (-0.87, 0.5)],
    "cross": [
        *((-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3)),
        *((0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3)),
    ],
}


def drawn(
    shape: str, colour: tuple[int, int, int], *, centre: tuple[int, int] = (150, 90), angle: float = 0.0
) -> NDArray[np.uint8]:
    """Draw a shape on a grainy grey ground, as a video shows it."""
    image = Image.new("RGB", (320, 180), GREY)
    turned = np.array(OUTLINES[shape]) @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    ImageDraw.Draw(image).polygon([tuple(point) for point in turned * 68 + centre], fill=colour)
    grain = np.random.default_rng(0).normal(0, 6, (180, 320, 3))
    noisy = np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)
    return decode_thumbnail(encode_thumbnail(noisy))


def sure(image: NDArray[np.uint8]) -> set[str]:
    """Return all that a picture shows."""
    numbers = measure(image)
    return {name for at, name in enumerate(NAMES) if confidence(name, numbers[[at]])[0] >= 0.5}


@pytest.mark.parametrize("angle", [0.0, 0.4])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("colour", "name"), [(RED, "red"), (YELLOW, "yellow"), (GREEN, "green")])
def test_a_shape_is_recognised_with_its_colour(
    shape: str, colour: tuple[int, int, int], name: str, angle: float
) -> None:
    assert sure(drawn(shape, colour, angle=angle)) == {name, shape, f"{name} {shape}"}


def test_other_shapes_and_those_that_are_cut_off_are_none() -> None:
    assert sure(drawn("cross", RED)) == {"red"}
    assert sure(drawn("circle", RED, centre=(20, 90))) == {"red"}


@pytest.mark.parametrize("colour", [(214, 190, 120), (150, 135, 80)])
def test_sand_and_straw_are_not_yellow(colour: tuple[int, int, int]) -> None:
    assert "yellow" not in sure(drawn("square", colour))


def test_a_picture_is_dark_or_bright_but_a_blank_one_is_nothing() -> None:
    lit = np.random.default_rng(0).integers(0, 70, (90, 160, 1)).repeat(3, axis=2)
    assert sure(lit.astype(np.uint8)) >= {"dark"}
    assert sure((lit + 185).astype(np.uint8)) >= {"bright"}
    assert sure(np.zeros((90, 160, 3), np.uint8)) == set()
    assert sure(np.full((1, 1, 3), 255, np.uint8)) == set()


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_every_picture_has_numbers_from_0_to_1(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).choice([0, 90, 255], (height, width, 3)).astype(np.uint8)
    numbers = measure(pixels)
    assert numbers.min() >= 0
    assert numbers.max() <= 1


@pytest.fixture(scope="module")
def builtin() -> BuiltinEncoder:
    return BuiltinEncoder()


@pytest.mark.parametrize(
    ("text", "attributes", "people"),
    [
        ("red circle", ("red circle",), 0),
        ("a picture of a red circle", ("red circle",), 0),
        ("yellow square", ("yellow square",), 0),
        ("triangle", ("triangle",), 0),
        ("a red circle and a yellow square", ("red circle", "yellow square"), 0),
        ("orange circle", ("orange circle",), 0),
        ("night", ("dark",), 0),
        ("black and white", ("black", "white"), 0),
        ("a person", (), 1),
        ("a face", (), 1),
        ("people", (), 2),
        ("three people", (), 3),
        ("two people at night", ("dark",), 2),
        ("ein roter Kreis", ("red circle",), 0),
        ("nachts", ("dark",), 0),
        ("zwei Personen", (), 2),
        ("un cercle rouge", ("red circle",), 0),
        ("la nuit", ("dark",), 0),
        ("deux personnes", (), 2),
        ("un círculo rojo", ("red circle",), 0),
        ("de noche", ("dark",), 0),
        ("una persona", (), 1),
        ("红色的圆", ("red circle",), 0),
        ("夜晚", ("dark",), 0),
        ("两个人", (), 2),
    ],
)
def test_what_is_asked_for_is_read_in_five_languages(
    builtin: BuiltinEncoder, text: str, attributes: tuple[str, ...], people: int
) -> None:
    asked = read_attributes(text, builtin)
    assert (asked.attributes, asked.people, asked.unknown) == (attributes, people, ())
    assert not builtin.names_something(asked.rest)


@pytest.mark.parametrize(
    ("text", "attributes", "unknown"),
    [
        ("orange", (), ()),  # the fruit
        ("red fox", (), ()),
        ("white wolf", (), ()),
        ("red wine", (), ()),
        ("red car", ("red",), ()),
        ("black cat", ("black",), ()),
        ("a dog at night", ("dark",), ()),
        ("red army", ("red",), ("army",)),
        ("blue sky", ("blue",), ("sky",)),
        ("circle of friends", ("circle",), ("friends",)),
        ("rose", (), ("rose",)),
        ("a man with a dog", (), ("man",)),  # he may be seen from behind
        ("talking dogs", (), ("talking",)),
        ("红车", (), ("红车",)),
    ],
)
def test_what_else_is_named_stays_with_the_encoder(
    builtin: BuiltinEncoder, text: str, attributes: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    asked = read_attributes(text, builtin)
    assert (asked.attributes, asked.people, asked.unknown) == (attributes, 0, unknown)


@pytest.mark.parametrize(
    ("text", "people", "unknown", "nearly", "talking"),
    [
        ("a man talking", 1, ("man",), ("man",), True),
        ("three women", 3, ("women",), ("women",), False),
        ("two children speaking", 2, ("children",), ("children",), True),
        ("a girl at a wedding", 1, ("girl", "wedding"), ("girl",), False),
    ],
)
def test_a_man_is_anybody(
    builtin: BuiltinEncoder,
    text: str,
    people: int,
    unknown: tuple[str, ...],
    nearly: tuple[str, ...],
    talking: bool,
) -> None:
    asked = read_attributes(text, builtin)
    assert (asked.people, asked.unknown, asked.nearly, asked.talking) == (people, unknown, nearly, talking)


def test_what_a_library_cannot_tell_is_not_claimed(builtin: BuiltinEncoder) -> None:
    asked = read_attributes("a red person", builtin, lambda name: name != "person")
    assert (asked.attributes, asked.people, asked.unknown) == (("red",), 0, ("person",))
    assert not read_attributes("two people in a red circle", builtin, lambda _: False)


TYPED = (
    *("a", "red", "orange", "blue", "circle", "square", "night", "two", "people", "person"),
    *("car", "dog", "army", "rote", "Kreis", "红", "红色", "圆", "的", "x", ","),
)
WORDS = st.lists(
    st.sampled_from(TYPED) | st.text(max_size=6),
    max_size=8,
)


@given(WORDS.map(" ".join))
def test_whatever_is_typed_is_read(text: str) -> None:
    encoder = FakeEncoder()
    asked = read_attributes(text, encoder)
    assert set(asked.unknown) <= set(encoder.unknown_words(text))
    assert all(name in NAMES and set(name.split()) <= set(LEAST) for name in asked.attributes)
    assert asked == read_attributes(text, encoder)
    if not asked:
        assert (asked.rest, asked.unknown) == (text, encoder.unknown_words(text))


class WellRead(FakeEncoder):
    """An encoder that was trained on sentences."""

    def unknown_words(self, _text: str) -> tuple[str, ...]:
        return ()


@given(WORDS.map(" ".join))
def test_an_encoder_that_reads_everything_is_left_alone(text: str) -> None:
    asked = read_attributes(text, WellRead())
    assert not asked
    assert asked.rest == text
    assert not needs_attributes(WellRead())


def test_a_red_cross_is_no_car(builtin: BuiltinEncoder) -> None:
    pictures = [drawn("cross", RED, angle=angle) for angle in (0.0, 0.1, 0.2)]
    cosines = builtin.encode_frames(pictures).embeddings @ builtin.encode_text("car")
    assert float(builtin.confidence(cosines).max()) < 0.5
