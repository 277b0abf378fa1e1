"""Several who look and listen at once: the library becomes the one that a single one makes, whoever is lost."""

import os
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.indexing.passes import stretch_pass
from retake_core.indexing.passes.crew import Hire, Kit, LocalCrew, Piece
from retake_core.indexing.passes.faces import FacesPass
from retake_core.indexing.passes.hearing import HeardPart, ListenPiece
from retake_core.indexing.passes.kits import FacesKit, FacesPiece
from retake_core.indexing.passes.speech import SpeechPass
from retake_core.library.database import Database
from retake_core.library.schema import face, face_reading, listening, person, text
from retake_core.people.faces_task import FacesSeen, SeenFace
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import FacesFound, PassProgress, Remarked, TextRead
from retake_core.settings import Settings
from retake_core.speech.cues import SpokenLine
from retake_core.speech.stretch import Heard
from tests.support.crews import ManyHands
from tests.support.fake_faces import INSTALLED
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.screen_clips import screen_clip
from tests.support.shelf import only, run_index

UNSEEN = Settings(screen_text=False)
LENGTHS = (3, 2, 6, 1, 4)  # parts that are heard in each video
Rows = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of clips of several keyframes each."""
    folder = tmp_path_factory.mktemp("films")
    for number in range(5):
        colours = [("red", "grey", "green", "blue", "white")[(number + scene) % 5] for scene in range(4 + number)]
        screen_clip(folder / f"film-{number}.mp4", [], colours)
    return folder


@pytest.fixture
def fresh(films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_process: None) -> Path:  # noqa: ARG001
    """Return a folder for libraries, of which two are there that know all keyframes and nothing more."""
    decode_in_threads(monkeypatch)
    monkeypatch.setattr(stretch_pass, "STRETCH", 2)
    for name in ("alone", "together"):
        with closing(Database(tmp_path / name)) as database:
            run_index(database, films, FakeEncoder(), settings=UNSEEN)
    return tmp_path


def see(kit: FacesKit, piece: Piece, _cancel: CancelToken) -> Iterator[FacesSeen]:
    """See somebody at every keyframe, by the time of it alone."""
    assert isinstance(piece, FacesPiece)
    for time in piece.times:
        if broken(piece) and time > 1.0:
            raise MediaError("It is broken.")
        vector = np.zeros(4, np.float16)
        vector[round(10 * time) % 3] = 1 + 0.3 * (piece.video_id % 2)
        yield FacesSeen(time, time, (SeenFace((0.1, 0.1, 0.4, 0.4), vector, kit.id.encode()),))


def broken(piece: Piece) -> bool:
    return piece.path.name == "film-2.mp4"


def faces(path: Path, hire: Hire) -> tuple[Rows, list[Event]]:
    with closing(Database(path)) as database:
        events: list[Event] = list(FacesPass(database, INSTALLED, CancelToken(), hire=hire).run())
        with database.reading() as connection:
            rows = [
                tuple(row) for table in (face, person, face_reading) for row in connection.execute(select(table))
            ]
    return rows, events


@pytest.mark.parametrize("losses", [0, 9])
def test_faces_are_stored_as_one_alone_would(fresh: Path, monkeypatch: pytest.MonkeyPatch, losses: int) -> None:
    monkeypatch.setattr(FacesKit, "work", see)
    crews: list[ManyHands] = []

    def hire(kit: Kit, cancel: CancelToken) -> ManyHands:
        crews.append(ManyHands(kit, cancel, losses=losses))
        return crews[-1]

    alone, told = faces(fresh / "alone", LocalCrew)
    together, events = faces(fresh / "together", hire)
    assert alone
    assert together == alone, "ids and groups as well, which depend on the order"
    for kind in (FacesFound, Remarked):
        assert only(events, kind) == only(told, kind)
    assert [remark.text for remark in only(events, Remarked)] == ["It is broken."]
    fractions = [event.fraction for event in only(events, PassProgress)]
    assert fractions == sorted(fractions)
    (crew,) = crews
    assert crew.most == crew.count
    assert crew.losses == 0
    assert crew.is_closed


def test_what_gives_way_keeps_what_is_in_order(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FacesKit, "work", see)
    hire = partial(ManyHands, losses=3)
    alone, _ = faces(fresh / "alone", LocalCrew)
    with closing(Database(fresh / "together")) as database:
        for _ in range(3):
            list(FacesPass(database, INSTALLED, CancelToken(), hire=hire).run(give_way=lambda: True))
    together, _ = faces(fresh / "together", hire)
    assert [row for row in together if row not in alone] == []
    assert len(together) == len(alone)


class Ears:
    """Hears a word in each part of a video, and what it heard before by the votes."""

    id = "ears"

    def __init__(self, *_: object) -> None:
        pass

    def work(self, piece: Piece, _cancel: CancelToken) -> Iterator[HeardPart]:
        assert isinstance(piece, ListenPiece)
        parts = LENGTHS[int(piece.path.stem[-1])]
        votes = dict(piece.votes)
        for part in range(round(piece.start), parts):
            votes = votes | {"en": votes.get("en", 0.0) + 1}
            lines = [SpokenLine(0.1, 0.9, f"word {part} of {piece.path.stem}")]
            yield HeardPart(float(part), Heard(1.0, lines, "en", votes), part == parts - 1)

    def close(self) -> None:
        pass


def heard(path: Path, settings: Settings, hire: Hire) -> tuple[list[Rows], list[Event]]:
    with closing(Database(path)) as database:
        events: list[Event] = list(SpeechPass(database, settings, CancelToken(), hire=hire).run())
        with database.reading() as connection:
            said = select(text.c.video_id, text.c.start_us, text.c.end_us, text.c.content, text.c.language)
            rows = [
                tuple(row)
                for row in connection.execute(said.order_by(text.c.video_id, text.c.start_us, text.c.content))
            ]
            left = [tuple(row) for row in connection.execute(select(listening))]
    return [rows, left], events


@pytest.mark.parametrize("losses", [0, 6])
def test_videos_are_listened_to_side_by_side(fresh: Path, monkeypatch: pytest.MonkeyPatch, losses: int) -> None:
    monkeypatch.setattr("retake_core.indexing.passes.speech.ListenKit", Ears)
    (fresh / "model").mkdir()
    (fresh / "model" / "model.bin").write_bytes(b"one")
    settings = Settings(speech=os.fspath(fresh / "model"))
    alone, _ = heard(fresh / "alone", settings, LocalCrew)
    together, events = heard(fresh / "together", settings, partial(ManyHands, losses=losses))
    assert [row[3] for row in together[0] if "word" in str(row[3])] == [
        f"word {part} of film-{number}" for number, parts in enumerate(LENGTHS) for part in range(parts)
    ]
    assert sorted(only(events, TextRead), key=lambda read: read.path)[2].texts == LENGTHS[2]
    assert together == alone
    assert together[1] == [], "nothing is left to listen to"
