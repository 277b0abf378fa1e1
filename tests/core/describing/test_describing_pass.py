"""The pass that describes recordings: what it stores, to what it gives way, and what stops it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken, Gate
from retake_core.data_dir import DataDir
from retake_core.describing import one_video
from retake_core.errors import Cancelled
from retake_core.library.database import Database
from retake_core.library.described import (
    ModelTold,
    described_state,
    store_told,
)
from retake_core.library.description import (
    Chapter,
    DescribedBy,
    Description,
    describe,
    description,
    undo_description,
)
from retake_core.library.folders import remove_folder
from retake_core.library.schema import text
from retake_core.library.texts import (
    FILE_CHAPTERS,
    NewText,
    TextKind,
    find_texts,
    replace_texts,
    sought_words,
)
from retake_core.protocol.indexing_events import (
    DescribingPlanned,
    PassName,
    PassProgress,
    PassStarted,
    VideoDescribed,
)
from retake_core.questions.memories import ready_videos
from retake_core.settings import change_settings
from retake_core.videollm.generate import GenerationLimits
from retake_core.videollm.model import VideoLLM
from tests.support.describing import Run, Script, names, small_model
from tests.support.fakes import age
from tests.support.shelf import only, video


def told_of(database: Database, name: str = "short.mp4") -> Description:
    entry = video(database, name)
    with database.reading() as connection:
        return description(connection, entry.id, entry.duration or 0.0)


def found(database: Database, query: str) -> list[tuple[str, float | None]]:
    """Return kind and time of the texts that hold all words of a query."""
    with database.reading() as connection:
        phrases = [(word,) for word in sought_words(connection, query)]
        return [(entry.kind, entry.start) for entry in find_texts(connection, phrases, every=True)]


def test_it_is_off_unless_it_is_switched_on(run: Run, script: Script, database: Database) -> None:
    events = run(describe=False)
    assert not only(events, VideoDescribed)
    assert not script.described
    assert told_of(database) == Description()


def test_what_a_model_tells_is_stored_and_found(
    run: Run, script: Script, database: Database, data_dir: DataDir, model: Path
) -> None:
    events = run()
    (planned,) = only(events, DescribingPlanned)
    assert (planned.videos, planned.seconds) == (2, None)
    assert planned.size > 0
    assert [start.videos for start in only(events, PassStarted) if start.name == PassName.DESCRIBE] == [2]
    progress = [event.fraction for event in only(events, PassProgress) if event.name == PassName.DESCRIBE]
    assert progress == sorted(progress)
    assert sorted(names(events, VideoDescribed)) == ["long.mp4", "short.mp4"]
    told = told_of(database)
    assert told == Description(
        "Colours",
        "A red picture, then others.",
        (Chapter(0.0, 9.0, "red", "It is red."), Chapter(12.0, 15.0, "later", "Not red.")),
        DescribedBy.MODEL,
        str(model),
    )
    kinds = {kind for kind, _ in found(database, "red")}
    assert kinds == {TextKind.CHAPTER, TextKind.DESCRIBED}
    assert (TextKind.TITLE, None) in found(database, "colours")
    assert found(database, "at 0:10"), "the lines about keyframes"
    change_settings(data_dir.settings, model=str(model))
    assert len(ready_videos(data_dir)) == 2, "the next question needs not read them"
    assert len(script.described) == 2
    run()
    assert len(script.described) == 2, "nothing is described twice"
    second = run(describe_folders=("/nowhere",))
    assert not only(second, DescribingPlanned)


def test_a_model_writes_it_itself(run: Run, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights are random: the form is kept, and what it says of times is supported by nothing or left."""
    monkeypatch.setattr(one_video, "LIMITS", GenerationLimits(max_tokens=120, temperature=1.5, top_p=1.0))
    events = run()
    assert len(only(events, VideoDescribed)) == 2
    assert told_of(database).title
    assert told_of(database).by == DescribedBy.MODEL


def test_chosen_folders_and_videos(run: Run, script: Script, folder: Path, database: Database) -> None:
    (folder / "inside").mkdir()
    age((folder / "long.mp4").rename(folder / "inside" / "long.mp4"))
    assert names(run(describe_folders=(str(folder / "inside"),)), VideoDescribed) == ["long.mp4"]
    events = run(describe=False, also=[video(database, "short.mp4").id])
    assert names(events, VideoDescribed) == ["short.mp4"]
    assert len(script.described) == 2


def test_a_persons_words_are_never_overwritten(run: Run, script: Script, database: Database) -> None:
    run(describe=False)
    own = Description("Mine", "", (Chapter(0, 4, "start"),), DescribedBy.HAND)
    short = video(database, "short.mp4").id
    with database.writing() as connection:
        describe(connection, short, own)
    run()
    assert told_of(database) == own
    assert len(script.described) == 1
    with database.writing() as connection:
        assert not store_told(connection, short, "late", {}, ModelTold("Theirs"))
        describe(connection, video(database, "long.mp4").id, own)
    assert told_of(database, "long.mp4") == own
    assert not found(database, "later"), "what the model told is gone"
    with database.writing() as connection:
        assert undo_description(connection, short)
    run()
    assert told_of(database).by == DescribedBy.MODEL


def test_the_chapters_of_a_file_stay_and_get_title_and_summary(
    run: Run, script: Script, database: Database, model: Path
) -> None:
    assert script.answer
    run(describe=False)
    short = video(database, "short.mp4").id
    with database.writing() as connection:
        chapters = [NewText("of the file", 0.0, 30.0)]
        replace_texts(connection, short, FILE_CHAPTERS, TextKind.CHAPTER, "1", chapters)
    run()
    told = told_of(database)
    assert [each.title for each in told.chapters] == ["of the file"]
    assert (told.title, told.by, told.model) == ("Colours", DescribedBy.FILE, str(model))
    with database.reading() as connection:
        found = connection.execute(text.select().where(text.c.video_id == short)).all()
    assert {row.content for row in found if row.kind == TextKind.CHAPTER} == {"of the file"}


def test_another_model_describes_anew(run: Run, script: Script, tmp_path: Path, database: Database) -> None:
    run()
    script.answer = "Title: Better\nSummary: Much.\n"
    other = small_model(tmp_path / "other")
    run(model=other)
    assert told_of(database) == Description("Better", "Much.", (), DescribedBy.MODEL, str(other))
    assert not found(database, "later")


def test_a_stop_loses_nothing(run: Run, script: Script, database: Database, model: Path) -> None:
    cancel = CancelToken()
    script.during = lambda: cancel.cancel() if len(script.described) == 2 else None
    with pytest.raises(Cancelled):
        run(cancel=cancel)
    with database.reading() as connection:
        states = [described_state(connection, video(database, name).id) for name in ("long.mp4", "short.mp4")]
    assert sorted((state.model, state.begun) for state in states) == [("", 0), (str(model), 0)]
    script.during = lambda: None
    assert len(only(run(), VideoDescribed)) == 1


def test_it_lets_go_of_its_model_while_it_is_held_back(
    run: Run, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question needs the memory; afterwards the same video is described, from its memory."""
    gate = Gate()
    unloaded = []

    def unload(model: VideoLLM, before: Callable[[VideoLLM], None] = VideoLLM.unload) -> None:
        unloaded.append(gate.closed)
        before(model)
        gate.release("question")

    monkeypatch.setattr(VideoLLM, "unload", unload)
    script.during = lambda: gate.hold("question") if len(script.described) == 1 else None
    events = run(cancel=CancelToken(gate))
    assert unloaded == [True, False]
    assert len(only(events, VideoDescribed)) == 2
    assert script.described[0] == script.described[1]


def test_it_ends_when_something_else_is_to_be_done(run: Run, script: Script) -> None:
    events = run(give_way=lambda: len(script.described) >= 1)
    assert len(only(events, VideoDescribed)) <= 1
    assert len(only(run(), VideoDescribed)) >= 1


def test_what_ended_the_process_before_comes_last(run: Run, script: Script) -> None:
    class KilledError(BaseException):
        pass

    def kill() -> None:
        raise KilledError

    script.during = kill
    with pytest.raises(KilledError):
        run()
    first = script.described[0]
    script.during = lambda: None
    run()
    assert script.described[-1] == first
    assert len(script.described) == 3


def test_it_goes_with_the_video(run: Run, script: Script, database: Database, folder: Path) -> None:
    run()
    assert script.described
    with database.writing() as connection:
        remove_folder(connection, folder)
    with database.reading() as connection:
        assert not connection.execute(text.select()).all()


def test_a_long_description_takes_less_than_100_kb(run: Run, database: Database) -> None:
    """A chapter for every two minutes of an hour, each text as long as may be, in words that no other text has."""
    run(describe=False)
    words = iter(f"word{number} " for number in range(10**6))

    def told(length: int = 200) -> str:
        return "".join(next(words) for _ in range(length // 9))

    def size() -> int:
        with database.reading() as connection:
            pages: int = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            free: int = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            return (pages - free) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())

    before = size()
    chapters = [Chapter(number, number + 0.5, told(), told()) for number in range(29)]
    pictures = {float(number): told() for number in range(12)}
    with database.writing() as connection:
        short = video(database, "short.mp4").id
        assert store_told(connection, short, "m", {}, ModelTold(told(), told(), chapters, pictures))
    grown = size() - before
    print(f"{grown / 1000:.0f} kB")
    assert 0 < grown < 100_000
