"""Describing as a part of a run of indexing: its last one."""

from collections.abc import Collection, Iterator
from pathlib import Path

from retake_core.data_dir import DataDir
from retake_core.indexing.run import IndexRun, leave_cores_to_decoders
from retake_core.library.described import due_descriptions
from retake_core.protocol.indexing_events import IndexingEvent, Remarked
from retake_core.settings import Settings
from retake_core.videollm.memory.index import model_name

NO_MODEL = "No model for questions is chosen, so nothing is described; choose one in the preferences."


def describe_library(data_dir: DataDir, also: Collection[int], run: IndexRun) -> Iterator[IndexingEvent]:
    """Describe the videos that the settings name, and these, with the model of the settings.

    Args:
        data_dir: the library's.
        also: ids of videos that a person asked for.
        run: of indexing, of which this is the end.

    Raises:
        Cancelled: what was described by then is stored; the next run goes on from there.
    """
    settings = run.settings
    if not (settings.describe or also):
        return
    if settings.model is None:
        yield Remarked("", NO_MODEL)
        return
    folders = _folders(settings)
    with run.database.reading() as connection:
        if not due_descriptions(connection, model_name(settings.model), folders, also):
            return
    # Slow to load, and seldom needed.
    from retake_core.describing.describing_pass import DescribingPass
    from retake_core.videollm.model import choose_model

    model, reason = choose_model(None, settings.model, settings.precision)
    if model is None:
        yield Remarked("", reason or NO_MODEL)
        return
    leave_cores_to_decoders(settings)
    describing = DescribingPass(run.database, data_dir, model, settings, run.cancel)
    yield from describing.run(folders, also, run.first, run.give_way)


def _folders(settings: Settings) -> list[Path] | None:
    """Return whose videos the settings name; None is all, and the switch being off is none."""
    if settings.describe and not settings.describe_folders:
        return None
    return [Path(folder) for folder in settings.describe_folders] if settings.describe else []
