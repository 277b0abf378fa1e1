"""Does one thing to a library in a child process that a test may kill: imports once, and forks for every step.

Reads JSON lines, each one step, and writes the process id of the child, then its exit status. A step may
kill itself after a number of calls: of Python's audited operations (files opened, renamed) and of SQL statements.
"""

import json
import os
import signal
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

MEMORY_ENTRIES = 200


def main() -> None:
    """Fork a child for every line of standard input."""
    import pytest

    import tests.core.maintenance.test_backup
    import tests.core.maintenance.test_removal  # noqa: F401 - so that the children need not
    from tests.support.in_process import decode_in_threads

    decode_in_threads(pytest.MonkeyPatch())
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.close(0)
            _step(**json.loads(line))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _step(action: str, place: str, target: str, calls: int | None) -> None:
    """Do something to the library of a place.

    Args:
        action: the name of a function of this module.
        place: with a data directory and folders of videos.
        target: what it is done to.
        calls: after which the process kills itself; None lets it live.
    """
    from retake_core.indexing.passes import one_video

    one_video.STORE_AFTER = 0.0
    if calls is not None:
        _kill_after(calls)
    ACTIONS[action](Path(place), target)


def _kill_after(calls: int) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    left = iter(range(calls))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(name: str, _: object) -> None:
        if name in _AUDITED:
            count()

    event.listen(Engine, "before_cursor_execute", count)
    sys.addaudithook(audited)


_AUDITED = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "sqlite3.connect"})


def _data_dir(place: Path) -> Any:
    from retake_core.data_dir import DataDir

    data_dir = DataDir(place / "data")
    data_dir.create()
    return data_dir


def index(place: Path, folder: str) -> None:
    """Bring the library up to date with a folder."""
    from retake_core.library.database import Database
    from retake_core.system.writer_lock import only_writer
    from tests.support.fakes import FakeEncoder
    from tests.support.shelf import run_index

    data_dir = _data_dir(place)
    with only_writer(data_dir), closing(Database(data_dir.database)) as database:
        run_index(database, place / folder, FakeEncoder())


def switch(place: Path, folder: str) -> None:
    """Bring the library up to date with another encoder."""
    from retake_core.library.database import Database
    from retake_core.settings import Settings
    from retake_core.system.writer_lock import only_writer
    from tests.support.fakes import FakeEncoder
    from tests.support.shelf import run_index

    data_dir, settings = _data_dir(place), Settings(encoder="siglip:/other")
    with only_writer(data_dir), closing(Database(data_dir.database)) as database:
        run_index(database, place / folder, FakeEncoder("other"), settings=settings)


def remove(place: Path, folder: str) -> None:
    """Forget a folder."""
    from retake_core.errors import UserError
    from retake_core.library.database import Database
    from retake_core.maintenance.removal import remove_folder
    from retake_core.system.writer_lock import only_writer

    data_dir = _data_dir(place)
    gone_already = suppress(UserError)
    with only_writer(data_dir), closing(Database(data_dir.database)) as database, gone_already:
        remove_folder(database, data_dir, place / folder)


def search(place: Path, _: str) -> None:
    """Search, which publishes the vector index."""
    from retake_core.library.database import Database
    from retake_core.library.vectors import VectorIndex
    from tests.support.fakes import FakeEncoder

    data_dir = _data_dir(place)
    with closing(Database(data_dir.database)) as database, database.reading() as connection:
        VectorIndex(data_dir.vectors, "fake", FakeEncoder.dimension).refresh(connection)


def remember(place: Path, name: str) -> None:
    """Write a memory of a video, if it is in the library."""
    from retake_core.library.catalog import videos
    from retake_core.library.database import Database
    from retake_core.videollm.memory.store import MemoryStore
    from tests.support.memories import KEY, small_memory

    data_dir = _data_dir(place)
    with closing(Database(data_dir.database)) as database, database.reading() as connection:
        found = [entry.fingerprint for entry in videos(connection) if entry.path.name == name]
    for fingerprint in found:
        MemoryStore(data_dir.memories).save(replace(KEY, fingerprint=fingerprint), small_memory(MEMORY_ENTRIES))


def settings(place: Path, rate: str) -> None:
    """Change a setting."""
    from retake_core.settings import change_settings

    change_settings(_data_dir(place).settings, memory_quota_gb=float(rate))


def back_up(place: Path, name: str) -> None:
    """Write a backup."""
    from retake_core.library.database import Database
    from retake_core.maintenance.backup import write_backup

    data_dir = _data_dir(place)
    Database(data_dir.database).close()
    write_backup(data_dir, place / name, memories=True)


def restore(place: Path, name: str) -> None:
    """Put a backup in the place of the library, if there is one."""
    from retake_core.maintenance.backup import restore_backup
    from retake_core.system.writer_lock import only_writer

    data_dir = _data_dir(place)
    if (place / name).exists():
        with only_writer(data_dir):
            restore_backup(data_dir, place / name, replace=True)


def migrate(place: Path, name: str) -> None:
    """Open a library of an early version."""
    from retake_core.library.database import Database

    Database(place / name).close()


def mend(place: Path, _: str) -> None:
    """Repair what is damaged."""
    from retake_core.maintenance.health import repair
    from retake_core.system.writer_lock import only_writer

    data_dir = _data_dir(place)
    with only_writer(data_dir):
        repair(data_dir)


ACTIONS = {
    action.__name__: action
    for action in (index, switch, remove, search, remember, settings, back_up, restore, migrate, mend)
}


if __name__ == "__main__":
    main()
