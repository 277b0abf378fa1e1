"""Faces: what the detector costs, what it sees where nobody is, and whether groups of faces are people.

    python -m tests.benchmarks.faces PEOPLE [FILM ...]

PEOPLE is a folder that holds a folder of pictures for every person; of each picture the largest face counts. With
--views, each is also looked at darker, at half its size, mirrored, turned by eight degrees, and blurred. The films
show nobody: every face in them, one picture a second, is a false one. --model names another one than dlib's.
"""

import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from retake_core.library.grouping import KnownFaces, group_faces
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.people.faces_task import SHORT_SIDE
from retake_core.people.model import Face, FaceModel
from retake_core.people.registry import find_face_model
from tests.support.report import Report, Row, make_parser

Picture = NDArray[np.uint8]


def main() -> None:
    """Print the tables."""
    parser = make_parser(__doc__)
    parser.add_argument("people", type=Path)
    parser.add_argument("films", type=Path, nargs="*")
    parser.add_argument("--views", action="store_true", help="also changed views of each picture")
    parser.add_argument("--model", default="dlib")
    options = parser.parse_args()
    report = Report("tests.benchmarks.faces")
    installed = find_face_model(options.model)
    model = installed.open(1)
    grouped = _grouped(model, options.people, installed.same, views=options.views)
    films = [_film(model, film) for film in options.films]
    report.publish([grouped], *([films] if films else []), f"The model is {installed.id}.")


def _grouped(model: FaceModel, people: Path, same: float, *, views: bool) -> Row:
    """Put the faces of people into groups, person by person as videos come, and compare."""
    names: list[str] = []
    vectors: list[NDArray[np.float32]] = []
    missed = 0
    for person in sorted(path for path in people.iterdir() if path.is_dir()):
        for path in sorted(person.iterdir()):
            for picture in _views(path, views=views):
                face = _largest(model.faces([picture])[0])
                if face is None:
                    missed += 1
                    continue
                names.append(person.name)
                vectors.append(face.vector)
    faces = np.stack(vectors).astype(np.float16).astype(np.float32)
    groups = group_faces(faces, KnownFaces(faces[:0], np.zeros(0, np.int64)), same, {}).people
    both = [(a == b, names[i] == names[j]) for (i, a), (j, b) in combinations(enumerate(groups), 2)]
    together, right, alike = (
        sum(which) for which in ([g for g, _ in both], [g and n for g, n in both], [n for _, n in both])
    )
    of_person = Counter(name for name, _ in set(zip(names, groups, strict=True)))
    return {
        "people": float(len(set(names))),
        "faces": float(len(names)),
        "not found": float(missed),
        "precision of pairs": right / max(together, 1),
        "recall of pairs": right / max(alike, 1),
        "groups a person": sum(of_person.values()) / len(of_person),
    }


def _film(model: FaceModel, film: Path) -> Row:
    """Look at one picture a second of a film."""
    source = PyAVSource(film, SHORT_SIDE)
    looked, false, spent = 0, 0, 0.0
    try:
        for frame in source.frames(1.0):
            began = time.process_time()
            false += len(model.faces([frame.image])[0])
            spent += time.process_time() - began
            looked += 1
    finally:
        source.close()
    size = f"{source.info.width} x {source.info.height}"
    row: Row = {"film": f"{film.stem}, {size}", "pictures": float(looked), "faces": float(false)}
    return row | {"CPU s for 100": 100 * spent / max(looked, 1)}


def _largest(faces: list[Face]) -> Face | None:
    return max(faces, key=lambda face: (face.box[2] - face.box[0]) * (face.box[3] - face.box[1]), default=None)


def _views(path: Path, *, views: bool) -> Iterator[Picture]:
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    scale = min(1.0, SHORT_SIDE / min(picture.size))
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
    yield np.asarray(picture)
    if views:
        yield np.asarray(ImageEnhance.Brightness(picture).enhance(0.5))
        yield np.asarray(picture.resize((picture.width // 2, picture.height // 2)))
        yield np.asarray(ImageOps.mirror(picture))
        yield np.asarray(picture.rotate(8, Image.Resampling.BILINEAR))
        yield np.asarray(picture.filter(ImageFilter.GaussianBlur(2)))


if __name__ == "__main__":
    main()
