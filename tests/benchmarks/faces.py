"""Faces: what the detector costs, what it sees where nobody is, and whether groups of faces are people.

    python -m tests.benchmarks.faces PEOPLE [FILM ...]

PEOPLE is a folder that holds a folder of pictures for every person; of each picture the largest face counts. With
--views, each is also looked at darker, at half its size, mirrored, turned by eight degrees, and blurred. A
distance is chosen on half of the people, the largest of those with the best F1 of pairs; what counts is how it
does on the others, who have no part in that. The films show nobody: every face in them is a false one. --model
names another model than dlib's.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
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
_Described = tuple[str, NDArray[np.float32]]
_DISTANCES = [step / 100 for step in range(30, 71, 2)]  # between two faces, that are tried


def main() -> None:
    """Print the tables."""
    parser = make_parser(__doc__)
    parser.add_argument("people", type=Path)
    parser.add_argument("films", type=Path, nargs="*")
    parser.add_argument("--views", action="store_true", help="also changed views of each picture")
    parser.add_argument("--rate", type=float, default=1.0, help="pictures a second of a film")
    parser.add_argument("--model", default="dlib")
    options = parser.parse_args()
    report = Report("tests.benchmarks.faces")
    installed = find_face_model(options.model)
    model = installed.open(1)
    everybody, missed = _described(model, options.people, views=options.views)
    people = sorted({name for name, _ in everybody})
    chosen_on, apart = ([face for face in everybody if face[0] in people[half::2]] for half in (0, 1))
    best = max(reversed(_DISTANCES), key=lambda distance: _f1(_grouped("", chosen_on, distance)))
    rows = [
        _grouped("all", everybody, installed.same),
        _grouped("those it is chosen on", chosen_on, best),
        _grouped("the others", apart, best),
    ]
    films = [_film(model, film, options.rate) for film in options.films]
    remark = f"The model is {installed.id}; in {missed} pictures of people it found no face."
    report.publish(rows, *([films] if films else []), remark)


def _described(model: FaceModel, people: Path, *, views: bool) -> tuple[list[_Described], int]:
    """Return the largest face of each picture with its person's name, and how many pictures had none."""
    found: list[_Described] = []
    missed = 0
    for person in sorted(path for path in people.iterdir() if path.is_dir()):
        for path in sorted(person.iterdir()):
            for picture in _views(path, views=views):
                face = _largest(model.faces([picture])[0])
                if face is None:
                    missed += 1
                else:
                    found.append((person.name, face.vector))
    return found, missed


def _grouped(who: str, faces: Sequence[_Described], same: float) -> Row:
    """Put the faces of people into groups, as videos come, and compare."""
    names = [name for name, _ in faces]
    vectors = np.stack([vector for _, vector in faces]).astype(np.float16).astype(np.float32)
    groups = group_faces(vectors, KnownFaces(vectors[:0], np.zeros(0, np.int64)), same, {}).people
    both = [(a == b, names[i] == names[j]) for (i, a), (j, b) in combinations(enumerate(groups), 2)]
    together, right, alike = (
        sum(which) for which in ([g for g, _ in both], [g and n for g, n in both], [n for _, n in both])
    )
    of_person = Counter(name for name, _ in set(zip(names, groups, strict=True)))
    return {
        "who": who,
        "distance": same,
        "people": float(len(set(names))),
        "faces": float(len(names)),
        "precision of pairs": right / max(together, 1),
        "recall of pairs": right / max(alike, 1),
        "groups a person": sum(of_person.values()) / len(of_person),
    }


def _f1(row: Row) -> float:
    precision, recall = (float(row[name] or 0.0) for name in ("precision of pairs", "recall of pairs"))
    return 2 * precision * recall / max(precision + recall, 1e-9)


def _film(model: FaceModel, film: Path, rate: float) -> Row:
    """Look at some pictures a second of a film."""
    source = PyAVSource(film, SHORT_SIDE)
    looked, false, spent = 0, 0, 0.0
    try:
        for frame in source.frames(rate):
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
