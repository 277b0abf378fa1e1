"""Reading, looking for faces and listening on two computers: the same library as on one."""

import itertools
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
import pytest
from sqlalchemy import Select, select

from retake_core.cancel import CancelToken
from retake_core.encoders.registry import open_encoder
from retake_core.indexing.passes import stretch_pass
from retake_core.indexing.passes.crew import Elsewhere, LocalCrew
from retake_core.indexing.passes.names_and_subtitles import NAMES
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.library.schema import face, face_reading, listening, text, text_reading
from retake_core.ocr.models import find_models
from retake_core.people.registry import faces_status
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import FacesFound, PassName, TextRead
from retake_core.settings import Settings
from retake_core.speech.model import missing
from tests.core.cluster.conftest import ENCODER, Cluster, kill_node
from tests.core.cluster.test_commands import IN_WORKERS, path_with, shim
from tests.core.cluster.test_indexing import put
from tests.support.recordings import Noise, make_recording, model_folder
from tests.support.screen_clips import Caption, screen_clip
from tests.support.shelf import only

if TYPE_CHECKING:
    from retake_core.cluster.computers import Computer

Rows = list[tuple[object, ...]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_models() is None or not faces_status("dlib")[1] or bool(missing()),
        reason="one of the extras ocr, faces and speech is not installed",
    ),
]


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Return those of a person who wants everything."""
    return Settings(encoder=ENCODER, sampling_rate=1.0, faces=True, speech=os.fspath(model_folder()))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of clips with captions, and of recordings in which somebody speaks."""
    folder = tmp_path_factory.mktemp("spoken")
    for number, title in enumerate(("Kestrel Hill", "Nobody told the captain")):
        looks = ("red", "green", "blue", "yellow", "white", "green", "red")[number:]
        screen_clip(
            folder / f"captions-{number}.mp4", [Caption(title, 4, 20), Caption("Next stop", 8, 16, 60)], looks
        )
    make_recording(folder / "birthday.mp4", (Noise(2), "Happy birthday, dear Martha.", Noise(2)))
    make_recording(folder / "fox.mp4", (Noise(1), "The quick brown fox jumps over the lazy dog.", Noise(1)))
    return folder


@pytest.fixture(autouse=True)
def _in_short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch_pass, "STRETCH", 3)


def index(path: Path, folder: Path, settings: Settings, lanes: Elsewhere | None) -> tuple[list[Rows], list[Event]]:
    """Index a folder, and return what the passes found that come last, and what was told."""
    with closing(Database(path)) as database:
        run = IndexRun(database, open_encoder(ENCODER), settings, CancelToken(), lanes=lanes)
        events: list[Event] = list(index_folders(run, [folder]))
        return found(database), events


def found(database: Database) -> list[Rows]:
    """Return what the passes store that come last, but for ids of texts: they follow the order of listening."""
    spoken = (text.c.video_id, text.c.kind, text.c.source, text.c.start_us, text.c.end_us, text.c.content)
    chosen: list[Select[tuple[object, ...]]] = [
        select(*spoken).where(text.c.source != NAMES).order_by(*spoken),
        select(text_reading)
        .where(text_reading.c.source != NAMES)
        .order_by(text_reading.c.video_id, text_reading.c.source),
        select(face).order_by(face.c.id),
        select(face_reading).order_by(*face_reading.primary_key),
        select(listening),
    ]
    with database.reading() as connection:
        return [[tuple(row) for row in connection.execute(statement)] for statement in chosen]


@pytest.fixture(scope="module")
def alone(
    clips: Path, cluster: Cluster, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> list[Rows]:
    """Return what one computer finds in the clips, wherever they lie."""
    library = tmp_path_factory.mktemp("alone") / "alone.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretch_pass, "STRETCH", 3)
        rows, _ = index(library, put(clips, cluster.root / "alone"), settings, None)
    words = " ".join(str(row[5]) for row in rows[0])
    assert "Kestrel Hill" in words
    assert "birthday" in words.lower()
    return rows


def here_never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be done on the computer with the library."""

    def begin(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(LocalCrew, "begin", begin)


def wait_for(lanes: Elsewhere, name: str) -> "Computer":
    """Return a computer when it is ready."""
    from retake_core.cluster.lanes import ClusterLanes

    assert isinstance(lanes, ClusterLanes)
    while name not in (ready := {computer.facts.name: computer for computer in lanes._ready}):
        lanes.ready([])
    return ready[name]


def test_two_computers_find_what_one_finds(
    cluster: Cluster,
    lanes: Elsewhere,
    clips: Path,
    alone: list[Rows],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here_never(monkeypatch)
    rows, events = index(tmp_path / "together.db", put(clips, cluster.root / "read"), settings, lanes)
    assert rows == alone
    assert not cluster.remarks(events)
    assert len(only(events, FacesFound)) == 2
    assert len(only(events, TextRead)) == 6


@pytest.mark.parametrize(("dies_in", "words"), [(PassName.SCREEN, 12), (PassName.SPEECH, 1)])
def test_a_computer_that_dies_gives_back_what_it_read(
    cluster: Cluster,
    lanes: Elsewhere,
    clips: Path,
    alone: list[Rows],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dies_in: PassName,
    words: int,
) -> None:
    """It is killed at a word of a pass that has more, all of which are its: until then, no other gets work."""
    from retake_core.cluster.crew import ClusterCrew, _Member

    here_never(monkeypatch)
    node = cluster.node(f"doomed-in-{dies_in}", cores=2)
    said = itertools.count(1)
    real, free = ClusterCrew._next, cast(property, _Member.free)

    def receive_and_kill(self: ClusterCrew, stream: object, at: object) -> object:
        word = real(self, stream, at)  # type: ignore[arg-type]
        if self._name == dies_in and next(said) == words:
            kill_node(node)
        return word

    def free_of_work(self: _Member) -> int:
        assert free.fget is not None
        return int(free.fget(self)) if self.computer is doomed or not doomed.is_ready else 0

    monkeypatch.setattr(ClusterCrew, "_next", receive_and_kill)
    monkeypatch.setattr(_Member, "free", property(free_of_work))
    with node:
        doomed = wait_for(lanes, node.name)
        folder = put(clips, cluster.root / f"read-{words}")
        rows, events = index(tmp_path / "together.db", folder, settings, lanes)
    assert rows == alone
    assert cluster.remarks(events, node.name) == [
        f"{node.name} is gone; other computers take up its videos where it left them."
    ]


def test_what_no_other_computer_can_do_is_done_here(
    cluster: Cluster,
    lanes: Elsewhere,
    clips: Path,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """None of them sees the files, of which the keyframes are known."""
    (cluster.root / "unseen").mkdir(exist_ok=True)
    folder = put(clips, cluster.root / "unseen" / "read")
    plain = Settings(encoder=ENCODER, sampling_rate=1.0, screen_text=False)
    index(tmp_path / "library.db", folder, plain, None)
    rows, events = index(tmp_path / "library.db", folder, settings, lanes)
    assert any("Kestrel Hill" in str(row[5]) for row in rows[0])
    assert len(only(events, FacesFound)) == 2
    assert not cluster.remarks(events)


def test_a_computer_without_the_models_is_left_out_with_one_remark(
    cluster: Cluster, lanes: Elsewhere, clips: Path, settings: Settings, tmp_path: Path
) -> None:
    shim(tmp_path, IN_WORKERS + "sys.modules['rapidocr'] = None")
    reading = msgspec.structs.replace(settings, faces=False, speech=None)
    with cluster.node("wordless", PYTHONPATH=path_with(tmp_path)) as node:
        wait_for(lanes, node.name)
        rows, events = index(tmp_path / "library.db", put(clips, cluster.root / "wordless"), reading, lanes)
    assert any("Kestrel Hill" in str(row[5]) for row in rows[0])
    assert cluster.remarks(events, "wordless") == [
        "wordless: Text on screen cannot be read; install what reads it with: pip install 'retake-desktop[ocr]'"
    ]
