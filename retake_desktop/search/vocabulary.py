"""What the filters of a search can name in a library."""

import os
from collections import Counter

from sqlalchemy import Connection, func, select

from retake_core.display import readable
from retake_core.library.folders import folders
from retake_core.library.persons import names_of_people
from retake_core.library.schema import file, video
from retake_core.library.tags import tag_counts
from retake_desktop.search.query_text import Vocabulary


def read_vocabulary(connection: Connection) -> Vocabulary:
    """Return folders, those of the library first, file types, years, the newest first, tags and people."""
    own = [path.name for _, path in folders(connection) if path.name and not path.suffix]
    inside: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for path in connection.exec_driver_sql("SELECT path FROM file WHERE missing < 2").scalars():
        folder, _, name = os.fsdecode(path).rpartition(os.sep)  # Path takes ten times as long
        inside[folder.rpartition(os.sep)[2]] += 1
        types[name.rpartition(".")[2].lower()] += 1
    date = func.coalesce(video.c.dated, video.c.recorded)
    recorded = connection.execute(select(func.substr(date, 1, 4)).distinct()).scalars()
    changed = connection.execute(
        select(func.strftime("%Y", file.c.mtime_ns / 1_000_000_000, "unixepoch")).distinct()
    ).scalars()
    names = dict.fromkeys([*own, *(name for name, _ in inside.most_common())])
    return Vocabulary(
        tuple(readable(name) for name in names if name),
        tuple(name for name, _ in types.most_common() if name),
        tuple(sorted({year for year in (*recorded, *changed) if year}, reverse=True)),
        tuple(tag.name for tag in tag_counts(connection)),
        tuple(names_of_people(connection)),
    )
