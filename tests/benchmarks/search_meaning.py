"""How well search finds what is said in other words than the question's: with words alone, and by meaning as well.

    python -m tests.benchmarks.search_meaning

Ordinary talk lies in a library as subtitles; `--calibrate` asks about the half that constants are chosen on. A
question is answered by the moment whose time holds the line that answers it.
"""

import tempfile
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from retake_core.cancel import CancelToken
from retake_core.encoders.minilm import shared_minilm
from retake_core.encoders.sentences import MINILM
from retake_core.indexing.passes.meaning import MeaningPass
from retake_core.library.database import Database
from retake_core.library.passages import count_passages
from retake_core.library.texts import NewText, TextKind, replace_texts
from retake_core.library.vectors import VectorIndex
from retake_core.search.all_sources import search_moments
from retake_core.search.by_meaning import MeaningSearch
from retake_core.search.encoder_choice import Searcher
from retake_core.search.fusion import Why
from retake_core.search.moments import Moment
from retake_core.search.options import SearchOptions
from tests.benchmarks.search_quality import other_talk
from tests.benchmarks.talk import Talk, read_lines, read_talks
from tests.support.fakes import FakeEncoder
from tests.support.report import Report, Row, make_parser
from tests.support.vectors import add_video

CUE = 4.0  # seconds of a line
HOUR = 9000  # words that are said in an hour
WARM = 5  # searches before time is taken
FOREIGN = (
    "Wann haben wir über Geld gesprochen",
    "Der Hund hat den Schuh zerbissen",
    "eine lange Reise im Winter",
    "Schnee am Morgen",
    "Kinder spielen im Garten",
    "die Prüfung",
    "Geburtstag",
    "la plage au soleil",
    "le chien et la chaussure",
    "quand partons-nous en vacances",
    "la niña corre en el parque",
    "el coche no funciona",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the video and the seconds of its answer."""

    text: str
    video: str
    time: float


def fill(database: Database, encoder: FakeEncoder, talks: Sequence[Talk]) -> None:
    """Store talks as videos with subtitles; the rest of the library speaks of programming."""
    other = Talk("manual", tuple(other_talk()), ())
    for talk in (*talks, other):
        black = encoder.encode_frames([np.zeros((36, 64, 3), np.uint8)]).embeddings
        video_id = add_video(database, f"{talk.name}.mp4", black, encoder.id)
        texts = [NewText(line, CUE * at, CUE * (at + 1)) for at, line in enumerate(talk.lines)]
        with database.writing() as connection:
            replace_texts(connection, video_id, "said", TextKind.SPOKEN, "1", texts)


def rank(moments: Sequence[Moment], asked: Asked) -> int | None:
    """Return the place of the answer, from 1, or None."""
    places = (
        place
        for place, moment in enumerate(moments, start=1)
        if moment.video.path.stem == asked.video and moment.start <= asked.time + CUE / 2 <= moment.end
    )
    return next(places, None)


def measure(searcher: Searcher, database: Database, talks: Sequence[Talk], absent: Sequence[str]) -> Row:
    """Ask all questions, and what nobody talks about."""
    asked = [Asked(question, talk.name, CUE * at) for talk in talks for question, at in talk.questions]
    options = SearchOptions(limit=20, sources=frozenset(Why) - {Why.PICTURE})
    taken: list[float] = []
    with database.reading() as connection:

        def search(text: str, options: SearchOptions = options) -> list[Moment]:
            began = time.process_time()
            moments = search_moments(connection, searcher, text, options)
            taken.append(1000 * (time.process_time() - began))
            return moments

        for each in asked[:WARM]:
            search(each.text + "?")
        taken.clear()
        ranks = [rank(search(each.text), each) for each in asked]
        alarms = [bool(search(text)) for text in absent]
        foreign = [bool(search(text)) for text in FOREIGN]
        milliseconds = list(taken)
        weaker = [rank(search(each.text, replace(options, weaker=True)), each) for each in asked]
    return {
        "questions": len(asked),
        "MRR": _mean(0.0 if place is None else 1 / place for place in ranks),
        "P@1": _mean(place == 1 for place in ranks),
        "found": _mean(place is not None for place in ranks),
        "found among weaker": _mean(place is not None for place in weaker),
        "false alarms": f"{sum(alarms)} of {len(alarms)}",
        "for other languages": f"{sum(foreign)} of {len(foreign)}",
        "ms of CPU": f"{np.median(milliseconds):.1f}",
        "p95": f"{np.percentile(milliseconds, 95):.1f}",
    }


def _mean(values: Iterable[float]) -> str:
    return f"{np.mean(list(values)):.2f}"


def main() -> None:
    """Fill a library, embed it and ask."""
    parser = make_parser(__doc__)
    parser.add_argument("--calibrate", action="store_true", help="ask about the half that constants are chosen on")
    chosen = "calibration" if parser.parse_args().calibrate else "held_out"
    report = Report("tests.benchmarks.search_meaning")
    torch.set_num_threads(1)
    sets = {name: read_talks(name) for name in ("calibration", "held_out")}
    every = [talk for talks in sets.values() for talk in talks]
    with tempfile.TemporaryDirectory() as folder, closing(Database(Path(folder, "library.db"))) as database:
        encoder = FakeEncoder()
        fill(database, encoder, every)
        shared_minilm()
        began = time.process_time()
        deque(MeaningPass(database, MINILM, CancelToken(), 1).run(), maxlen=0)
        seconds = time.process_time() - began
        with database.reading() as connection:
            count = count_passages(connection, MINILM.id)
            size = connection.exec_driver_sql("SELECT total(length(vector)) FROM passage").scalar_one()
        words = sum(len(line.split()) for line in [*other_talk(), *(line for t in every for line in t.lines)])
        vectors = VectorIndex(Path(folder), encoder.id, encoder.dimension)
        absent = read_lines(f"{chosen}_absent")
        rows: list[Row] = []
        for name, meaning in (("words", None), ("words and meaning", MeaningSearch(Path(folder)))):
            searcher = Searcher(encoder, vectors, None, meaning)
            row: Row = {"search by": name}
            rows.append(row | measure(searcher, database, sets[chosen], absent))
    hour = HOUR / words
    report.publish(
        rows,
        f"{count} sentences were embedded on one core, {count / seconds:.0f} a second: {hour * seconds:.0f} s and "
        f"{hour * size / 1e3:.0f} KB of vectors for an hour of speech of {HOUR} words.",
    )


if __name__ == "__main__":
    main()
