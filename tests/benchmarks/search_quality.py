"""How good search is: reciprocal rank and precision of each source alone and of all together, and false alarms.

    RETAKE_DEMO_CLIPS=build/demo-library python -m tests.benchmarks.search_quality

Recordings with known words lie among an hour of other talk; the real clips are indexed with the builtin encoder.
Only the half of the set that nothing was tuned on is asked about.
"""

import io
import os
import pydoc_data.topics
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import av
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageEnhance
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.encoders import Encoder, open_encoder
from retake_core.encoders.attributes import ATTRIBUTES, DIMENSION
from retake_core.indexing.passes.attributes import AttributesPass
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.attributes import OF_ATTRIBUTES
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file, video_of
from retake_core.library.indexing import Depth, NewKeyframe, begin_job, finish_job, store_keyframes
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.library.vectors import VectorIndex
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.media.video_file import FoundFile
from retake_core.search.all_sources import search_moments
from retake_core.search.by_picture import search_picture
from retake_core.search.encoder_choice import Searcher
from retake_core.search.fusion import Why
from retake_core.search.moments import Moment
from retake_core.search.options import SearchOptions
from retake_core.settings import Settings
from tests.benchmarks import search_held_out as held_out
from tests.benchmarks.search_set import RECORDINGS
from tests.support.report import Report, Row, make_parser, verdict

SPACING = 4.0  # seconds between the frames of real clips that are searched with
LONGEST = 60.0
CUE = 5.0
NEAR = 1.0
TALK = 700  # sentences of other talk
MARGIN, ALARMS = 0.02, 0.1
ALONE = {"title": Why.TITLE, "speech": Why.SAID, "screen": Why.SCREEN, "picture": Why.PICTURE}
SOURCES = tuple(f"MRR {source}" for source in ALONE)
COLUMNS = ("questions", *SOURCES, "MRR all", "P@1 all", "false alarms", "target")
Image8 = NDArray[np.uint8]
Search = Callable[[Sequence[Why]], list[Moment]]


@dataclass(frozen=True, slots=True)
class Question:
    """A search with its answer: the name of a video, and seconds if they matter."""

    search: Search
    name: str
    time: float | None


def frames(path: Path, side: int = 360) -> Iterator[tuple[float, Image8]]:
    """Yield a clip's frames, one every few seconds."""
    due = 0.0
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time is None or frame.time < due:
                continue
            due = frame.time + SPACING
            scale = side / min(frame.width, frame.height)
            size = {"width": round(frame.width * scale), "height": round(frame.height * scale)}
            yield frame.time, frame.reformat(format="rgb24", **size).to_ndarray().astype(np.uint8, copy=False)
            if due > LONGEST:
                return


def photographed(image: Image8) -> Image8:
    """Return a frame as a person has it who saved and sent it: cropped, brighter, smaller, compressed."""
    picture = Image.fromarray(image)
    width, height = picture.size
    box = (round(0.06 * width), round(0.04 * height), round(0.96 * width), round(0.95 * height))
    small = picture.crop(box).resize((round(0.6 * width), round(0.6 * height)))
    buffer = io.BytesIO()
    ImageEnhance.Brightness(small).enhance(1.12).save(buffer, "JPEG", quality=60)
    return np.array(Image.open(buffer).convert("RGB"))


class Shelf:
    """A library that is filled with recordings."""

    def __init__(self, database: Database, encoder: Encoder) -> None:
        self._database, self._encoder = database, encoder

    def index(self, folder: Path) -> None:
        """Index a folder of clips, as the product does."""
        for _ in index_folders(IndexRun(self._database, self._encoder, Settings(), CancelToken()), [folder]):
            pass

    def add(
        self,
        name: str,
        pictures: Sequence[tuple[float, Image8]],
        lines: Sequence[str],
        written: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """Store a video: its frames as keyframes, its name, its lines, and what is on screen during some."""
        images = [image for _, image in pictures]
        embeddings = self._encoder.encode_frames(images).embeddings
        new = [
            NewKeyframe(time, 0.5, encode_thumbnail(image), embedding)
            for (time, image), embedding in zip(pictures, embeddings, strict=True)
        ]
        duration = max(pictures[-1][0] + SPACING, len(lines) * CUE)
        said = [NewText(line, CUE * at, CUE * (at + 1)) for at, line in enumerate(lines)]
        seen = [NewText(text, CUE * at, CUE * (at + 1)) for at, text in written.items()]
        with self._database.writing() as connection:
            put_file(
                connection, add_folder(connection, Path("/v")), FoundFile(Path("/v", name + ".mp4"), 1, 1), name
            )
            video_id = video_of(connection, name)
            assert video_id is not None
            begin_job(connection, video_id, Depth.QUICK, "set")
            store_keyframes(connection, video_id, self._encoder.id, new, start=0.0, end=None, state=None)
            finish_job(connection, video_id, Depth.QUICK, "set", duration)
            replace_texts(connection, video_id, "names", TextKind.TITLE, "1", [NewText(name)])
            replace_texts(connection, video_id, "said", TextKind.SPOKEN, "1", said)
            replace_texts(connection, video_id, "screen", TextKind.SCREEN, "1", seen)


def other_talk() -> list[str]:
    """Return sentences that answer nothing here: Python's own manual, read aloud."""
    text = " ".join(pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics))
    sentences = [" ".join(s.split()) for s in re.split(r"(?<=[.:])\s", text)]
    plain = [s for s in sentences if 30 < len(s) < 120 and re.fullmatch(r"[A-Za-z ,.'-]+", s)]
    return plain[:TALK]


def fill(shelf: Shelf, clips: Path | None) -> dict[str, list[tuple[float, Image8]]]:
    """Fill a library, and return the real clips' frames by name."""
    noise = np.random.default_rng(0)
    blank = [(0.0, noise.integers(100, 130, (90, 160, 3)).astype(np.uint8))]
    talk = other_talk()
    for number, part in enumerate(np.array_split(np.array(talk), 8)):
        shelf.add(f"talk {number}", blank, part.tolist())
    for name, lines in RECORDINGS.items():
        shelf.add(name, blank, lines)
    for name, recording in held_out.RECORDINGS.items():
        shelf.add(name, blank, recording.said, recording.screen)
    if clips is None:
        return {}
    shelf.index(clips)
    return {path.stem: list(frames(path)) for path in sorted(clips.iterdir())}


def reciprocal_rank(moments: Sequence[Moment], question: Question) -> float:
    """Return 1 for the answer in the first place, 1/2 in the second, 0 where it is not found."""
    for rank, moment in enumerate(moments, start=1):
        near = question.time is None or moment.start - NEAR <= question.time <= moment.end + NEAR
        if moment.video.path.stem == question.name and near:
            return 1 / rank
    return 0.0


def rows(connection: Connection, searcher: Searcher, real: dict[str, list[tuple[float, Image8]]]) -> list[Row]:
    """Ask everything, of each source alone and of all together."""

    def words(query: str) -> Search:
        return lambda sources: search_moments(
            connection, searcher, query + " ", SearchOptions(sources=frozenset(sources))
        )

    def picture(image: Image8) -> Search:
        return lambda _: search_picture(connection, searcher, image)

    sets = {
        "titles": [Question(words(q), name, None) for q, name in held_out.TITLE.items()],
        "speech": [Question(words(q), name, at * CUE) for q, (name, at) in held_out.SAID.items()],
        "text on screen": [Question(words(q), name, at * CUE) for q, (name, at) in held_out.SCREEN.items()],
        "pictures, described": [Question(words(q), name, None) for q, name in held_out.SHOWN.items()],
        "pictures, given": [
            Question(picture(photographed(image)), name, time)
            for name, shown in real.items()
            for time, image in shown[1::3]
        ],
    }
    table: list[Row] = []
    for name, questions in sets.items():
        row: Row = dict.fromkeys(COLUMNS) | {"questions": f"{name} ({len(questions)})"}
        best = 0.0
        for source, why in ALONE.items() if name != "pictures, given" else ():
            found = np.array([reciprocal_rank(q.search((why,)), q) for q in questions])
            row |= {f"MRR {source}": round(float(found.mean()), 3)}
            best = max(best, float(found.mean()))
        found = np.array([reciprocal_rank(q.search(tuple(Why)), q) for q in questions])
        row |= {"MRR all": round(float(found.mean()), 3), "P@1 all": round(float((found == 1).mean()), 3)}
        row["target"] = verdict(float(found.mean()) >= best - MARGIN)
        table.append(row)
    return table


def alarms(connection: Connection, searcher: Searcher) -> tuple[list[Row], list[str]]:
    """Ask what has no answer; return a table by what would have to answer, and the questions that got one."""
    table: list[Row] = []
    found: list[str] = []
    for kind, questions in held_out.NOTHING.items():
        wrong = [q for q in questions if search_moments(connection, searcher, q + " ")]
        found += wrong
        table.append(without(kind, len(wrong), len(questions)))
    asked = [q for questions in held_out.NOTHING.values() for q in questions]
    for source, why in ALONE.items():
        alone = SearchOptions(sources=frozenset((why,)))
        hits = [search_moments(connection, searcher, q + " ", alone) for q in asked]
        table.append(without(f"all, of {source} alone", sum(map(bool, hits)), len(asked)))
    return [*table, without("all", len(found), len(asked))], found


def without(kind: str, wrong: int, count: int) -> Row:
    """Return a line about questions without an answer."""
    rate = wrong / count
    row: Row = {"questions": f"no answer: {kind} ({count})", "false alarms": round(rate, 3)}
    return dict.fromkeys(COLUMNS) | row | {"target": verdict(rate < ALARMS) if kind == "all" else None}


def main() -> None:
    """Print the table."""
    make_parser(__doc__).parse_args()
    report = Report("tests.benchmarks.search_quality")
    torch.set_num_threads(1)
    clips = os.environ.get("RETAKE_DEMO_CLIPS")
    encoder = open_encoder("builtin", "cpu")
    with tempfile.TemporaryDirectory() as work, closing(Database(Path(work, "library.db"))) as database:
        real = fill(Shelf(database, encoder), Path(clips) if clips else None)
        list(AttributesPass(database, encoder, CancelToken()).run())
        vectors = VectorIndex(Path(work), encoder.id, encoder.dimension)
        attributes = VectorIndex(Path(work), ATTRIBUTES, DIMENSION, OF_ATTRIBUTES)
        searcher = Searcher(encoder, vectors, attributes=attributes)
        with database.reading() as connection:
            table = rows(connection, searcher, real)
            unanswered, wrong = alarms(connection, searcher)
    report.publish(table + unanswered, f"False alarms: {', '.join(wrong) or 'none'}.")


if __name__ == "__main__":
    main()
