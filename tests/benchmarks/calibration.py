"""Where the builtin encoder's picture search cuts off: false alarms against what is found, on other pictures.

    python -m tests.benchmarks.calibration /usr/share/doc/opencv-doc/examples/data SITE_PACKAGES/skimage/data ...

The pictures are those of Debian's opencv-doc, scikit-image and scikit-learn; clips may lie beside them. None of
them, and none of these descriptions, is in the quality set.
"""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError

from retake_core.encoders import builtin, concepts
from tests.benchmarks.search_quality import Image8, frames
from tests.support.report import Report, Row, make_parser

CLIPS = (".mp4", ".mpg", ".avi")
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


def main() -> None:
    """Print one line for each pair of thresholds."""
    parser = make_parser(__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()
    report = Report("tests.benchmarks.calibration")
    torch.set_num_threads(1)
    encoder = builtin.BuiltinEncoder()
    shown = pictures(options.folders)
    names = np.array([name for name, images in shown.items() for _ in images])
    vectors = encoder.encode_frames([image for images in shown.values() for image in images]).embeddings
    asked = [(text, name) for name, texts in SHOWN.items() if name in shown for text in texts]
    rows: list[Row] = []
    for known in (0.55, 0.6, 0.65, 0.7, 0.75):
        with patch.object(concepts, "KNOWN", known):
            right = np.stack([encoder.encode_text(text) for text, _ in asked]) @ vectors.T * concepts.MAX_LENGTH
            wrong = np.stack([encoder.encode_text(text) for text in NOTHING]) @ vectors.T * concepts.MAX_LENGTH
        own = np.array([line[names == name].max() for line, (_, name) in zip(right, asked, strict=True)])
        first = own >= right.max(axis=1)
        for cutoff in (0.036, 0.05, 0.07, 0.1):
            found = own >= cutoff
            rows.append(
                {
                    "known": str(known),
                    "cut-off": str(cutoff),
                    "found": float(found.mean()),
                    "found first": float((found & first).mean()),
                    "false alarms": float((wrong.max(axis=1) >= cutoff).mean()),
                    "in use": "*" if (known, cutoff) == (concepts.KNOWN, builtin.CUTOFF) else None,
                }
            )
    report.publish(rows, f"{len(names)} pictures, {len(asked)} descriptions, {len(NOTHING)} of nothing.")


if __name__ == "__main__":
    main()
