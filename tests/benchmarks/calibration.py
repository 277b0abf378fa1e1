"""Where the builtin encoder's picture search cuts off: what is found against false alarms.

    python -m tests.benchmarks.calibration /usr/share/doc/opencv-doc/examples/data SITE_PACKAGES/skimage/data ...
    python -m tests.benchmarks.calibration --stamps /usr/share/tuxpaint/stamps --held-out
    python -m tests.benchmarks.calibration --fresh PACKAGES --held-out

The pictures are those of Debian's opencv-doc, scikit-image and scikit-learn, with descriptions; clips may lie
beside them. Debian's tuxpaint-stamps-default has photos that are asked for by the names of their files: every
second one calibrates, the others are held out, and so are the photos of gcompris-qt-data (--activities) and the
pictures of `fresh_pictures`, of which nothing else was known when all constants were set. None of all these
pictures and descriptions is in the quality set.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from retake_core.encoders import builtin
from retake_core.encoders.vocabulary import Vocabulary
from tests.benchmarks.attributes import compiled
from tests.benchmarks.fresh_pictures import absent, fresh_pictures
from tests.benchmarks.search_quality import Image8, frames
from tests.support.report import Report, Row, make_parser

CLIPS = (".mp4", ".mpg", ".avi")
PHOTOS = ("animals", "clothes", "food", "hobbies", "household", "plants", "sports", "town", "vehicles")
ACTIVITIES, SMALLEST = ("categorization", "explore_farm_animals", "explore_world_animals"), 150
MARGIN, GREY = 1.2, (128, 128, 128, 255)
MATCH = 0.5
CONSTANTS = [(cutoff, doubt) for cutoff in (0.03, 0.05, 0.08, 0.12) for doubt in (0.0, 0.3, 0.5, 0.7)]
SHOWN: dict[str, tuple[str, ...]] = {
    "astronaut.png": (
        "an astronaut in a space suit",
        "space shuttle",
    ),
    "chelsea.png": (
        "a cat",
        "a tabby kitten",
        "close-up of a cat",
    ),
    "coffee.png": (
        "a cup of coffee",
        "espresso",
        "a mug on a table",
    ),
    "rocket.jpg": (
        "a rocket launch",
        "missile",
    ),
    "motorcycle_left.png": (
        "a motorcycle",
        "a motorbike in a garage",
    ),
    "camera.png": ("a man with a camera on a tripod",),
    "page.png": ("a page of a book",),
    "fruits.jpg": (
        "fruit",
        "oranges and bananas",
        "a bowl of fruit",
    ),
    "baboon.jpg": (
        "a baboon",
        "a monkey",
    ),
    "messi5.jpg": (
        "a footballer",
        "soccer ball",
    ),
    "apple.jpg": ("an apple",),
    "orange.jpg": ("an orange",),
    "butterfly.jpg": (
        "a butterfly on a flower",
        "butterfly",
    ),
    "building.jpg": (
        "a building",
        "a house facade",
    ),
    "basketball1.png": (
        "playing basketball",
        "a basketball",
    ),
    "aero1.jpg": (
        "an aeroplane",
        "a plane in the sky",
    ),
    "licenseplate_motion.jpg": ("a car",),
    "board.jpg": ("electronic circuit board",),
    "HappyFish.jpg": ("a fish",),
    "chicky_512.png": ("a baby chicken",),
    "squirrel_cls.jpg": ("a squirrel",),
    "left01.jpg": ("a chessboard pattern",),
    "home.jpg": (
        "a house",
        "a garden with a house",
    ),
    "leuvenA.jpg": (
        "cars parked in a street",
        "a parked car",
    ),
    "sudoku.png": ("a crossword puzzle",),
    "cards.png": ("playing cards",),
    "china.jpg": (
        "a temple",
        "a palace in China",
        "a pagoda",
    ),
    "flower.jpg": (
        "a flower",
        "a daisy",
    ),
    "VID_20191220_170832.mp4": (
        "a white dog",
        "a Samoyed",
        "a dog lying on the floor",
    ),
    "movie-hello.mp4": (
        "a computer screen",
        "a terminal window",
    ),
    "intro.mpg": (
        "a spaceship",
        "underwater plants",
    ),
}
"""Descriptions by the name of the picture or clip that shows them."""

NOTHING = """
a polar bear on the ice
windsurfing in a storm
the bride cuts the cake
a tractor ploughing a field
opera singer on stage
lightning over the city
a camel in the desert
kids building a sandcastle
knitting a scarf
a goalkeeper with gloves
flamingos in a lagoon
repairing a bicycle chain
fireworks on new year's eve
a waterfall in the jungle
milking a cow
a barbecue with friends
the lighthouse at dusk
a toddler blowing bubbles
moving a grand piano
a crocodile
whale watching
throwing a boomerang
a snowplough
baking bread
ballet rehearsal
a hospital corridor
a judge in court
kites at the beach
sheep shearing
an orchestra tuning
gymnastics on the beam
feeding ducks in the park
a thatched cottage
painting the fence
skateboard tricks
a helicopter rescue
unboxing a phone
carving a pumpkin
an elephant bathing
a ski lift
glass blowing
a rowing boat
wine tasting
grandfather fishing
a street musician with an accordion
the marathon finish line
a hedgehog
chopping wood
an escalator in a mall
a tram in Lisbon
a sailing regatta
roller coaster ride
ironing a shirt
a vegetable market
dinosaur skeleton in a museum
a bathtub full of foam
cherry blossoms
a judo throw
a drone above the vineyards
packing a suitcase
a swing in the garden
cutting hair
a turtle laying eggs
an umbrella in the rain
a campfire at night
laying bricks
a bouncy castle
a trampoline
sledging down a hill
an archery target
a beach volleyball match
the coronation of the king
a beekeeper
pancakes with syrup
a drum kit
an igloo
a zebra crossing its path
candles on a birthday cake
a monk in prayer
a train leaving the station
""".strip().split("\n")
"""Descriptions of what none of them shows."""


def pictures(folders: list[Path]) -> dict[str, list[Image8]]:
    """Return the pictures in folders, and some frames of each clip, by file name."""
    found: dict[str, list[Image8]] = {}
    for path in sorted(path for folder in folders for path in folder.iterdir()):
        if path.suffix in CLIPS:
            found[path.name] = [image for _, image in frames(path)]
        elif path.suffix in (".jpg", ".png"):
            try:
                found[path.name] = [np.array(Image.open(path).convert("RGB"))]
            except UnidentifiedImageError:
                continue
    return found


def named(folder: Path) -> dict[str, Image8]:
    """Return the photos of tools, fish and animals in gcompris' activities, by file name."""
    found = (picture for file in ACTIVITIES for picture in compiled(folder / f"{file}.rcc"))
    return {name.split("-", 2)[2]: image for name, image in found if min(image.shape[:2]) >= SMALLEST}


def called(file: str) -> str:
    """Return the words of a file's name."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", file.rpartition(".")[0] or file)
    return re.sub(r"[\W\d_]+", " ", apart).strip()


def stamps(folder: Path) -> dict[str, Image8]:
    """Return cut-out photos on a grey ground, by file name; drawings, and shapes without a photo, are left out."""
    found: dict[str, Image8] = {}
    for path in sorted(folder.rglob("*.png")):
        if "cartoon" not in path.parts and path.relative_to(folder).parts[0] in PHOTOS:
            photo = Image.open(path).convert("RGBA")
            side = round(MARGIN * max(photo.size))
            ground = Image.new("RGBA", (side, side), GREY)
            ground.alpha_composite(photo, ((side - photo.width) // 2, (side - photo.height) // 2))
            found[path.stem] = np.array(ground.convert("RGB"))
    return found


@dataclass(frozen=True, slots=True)
class Album:
    """Pictures, and what is asked about them.

    Attributes:
        names: of each picture.
        vectors: float32 [n, dimension], of each picture.
        asked: descriptions with the name of the picture that they fit.
        absent: descriptions of what none shows.
    """

    names: NDArray[np.str_]
    vectors: NDArray[np.float32]
    asked: list[tuple[str, str]]
    absent: list[str]


def albums(
    encoder: builtin.BuiltinEncoder,
    folders: list[Path],
    photos: Path | None,
    activities: Path | None,
    packages: Path | None,
) -> Iterator[tuple[str, Album]]:
    """Yield what there is to calibrate with, and the part of the stamps that is held out."""
    if folders:
        found = pictures(folders)
        names = [name for name, images in found.items() for _ in images]
        vectors = encoder.encode_frames([image for images in found.values() for image in images]).embeddings
        asked = [(text, name) for name, texts in SHOWN.items() if name in found for text in texts]
        yield "descriptions", Album(np.array(names), vectors, asked, NOTHING)
    everything = {} if photos is None else stamps(photos)
    for part, kind in enumerate(("stamps", "stamps, held out")):
        some = dict(list(everything.items())[part::2])
        if some:
            vectors = encoder.encode_frames(list(some.values())).embeddings
            yield kind, Album(np.array(list(some)), vectors, [(called(name), name) for name in some], [])
    if activities is not None:
        some = named(activities)
        vectors = encoder.encode_frames(list(some.values())).embeddings
        asked = [(called(name).lower(), name) for name in some]
        yield "activities, held out", Album(np.array(list(some)), vectors, asked, [])
    if packages is not None:
        fresh = list(fresh_pictures(packages))
        vectors = encoder.encode_frames([picture.image for picture in fresh]).embeddings
        asked = [(text, picture.name) for picture in fresh for text in picture.descriptions]
        yield (
            "fresh pictures, held out",
            Album(np.array([picture.name for picture in fresh]), vectors, asked, absent()),
        )


def measure(encoder: builtin.BuiltinEncoder, album: Album) -> Row:
    """Ask for everything; only what is known in every word counts as asked, and the rest apart."""
    vocabulary = Vocabulary()
    known = [(text, name) for text, name in album.asked if text and not encoder.unknown_words(text)]
    part = [
        (text, name) for text, name in album.asked if encoder.unknown_words(text) and encoder.names_something(text)
    ]
    things = {name: set(vocabulary.read(text).named) for text, name in album.asked}
    found, false = [], []
    for text, name in known:
        match = matches(encoder, album, text)
        found.append(match[album.names == name].any())
        others = [match[at] for at, other in enumerate(album.names) if not things.get(other, set()) & things[name]]
        false.append(np.mean(others))
    partly = [matches(encoder, album, text)[album.names == name].any() for text, name in part]
    alarms = [matches(encoder, album, text).any() for text in album.absent]
    return {
        "asked": len(known),
        "found": round(float(np.mean(found)), 3),
        "partly known": len(part),
        "found of these": round(float(np.mean(partly)), 3) if partly else None,
        "not known": len(album.asked) - len(known) - len(part),
        "found of other things": round(float(np.mean(false)), 4),
        "false alarms": round(float(np.mean(alarms)), 3) if alarms else None,
    }


def matches(encoder: builtin.BuiltinEncoder, album: Album, text: str) -> NDArray[np.bool_]:
    """Return which pictures a search would show."""
    return encoder.confidence(album.vectors @ encoder.encode_text(text)) >= MATCH


def main() -> None:
    """Print one line for each set and pair of constants."""
    parser = make_parser(__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--stamps", type=Path, help="the folder of tuxpaint-stamps-default")
    parser.add_argument("--activities", type=Path, help="the folder of gcompris' compiled resources")
    parser.add_argument("--fresh", type=Path, help="the folder of the packages of `fresh_pictures`")
    parser.add_argument(
        "--held-out", action="store_true", help="only the constants in use, on what is held out, too"
    )
    options = parser.parse_args()
    report = Report("tests.benchmarks.calibration")
    torch.set_num_threads(1)
    encoder = builtin.BuiltinEncoder()
    in_use = (builtin.CUTOFF, builtin.DOUBT)
    rows: list[Row] = []
    for kind, album in albums(encoder, options.folders, options.stamps, options.activities, options.fresh):
        if kind.endswith("held out") and not options.held_out:
            continue
        for cutoff, doubt in [in_use] if options.held_out else CONSTANTS:
            with patch.multiple(builtin, CUTOFF=cutoff, DOUBT=doubt):
                row: Row = {"set": f"{kind} ({len(album.names)})", "cut-off": str(cutoff), "doubt": str(doubt)}
                rows.append(row | measure(encoder, album) | {"in use": "*" if (cutoff, doubt) == in_use else None})
    note = "descriptions of what no picture shows: of the first set, and of the fresh ones."
    report.publish(rows, f"{len(NOTHING)} and {len(absent())} {note}")


if __name__ == "__main__":
    main()
