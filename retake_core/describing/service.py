"""Describing as a part of a run of indexing: its last one."""

from collections.abc import Collection, Iterator

from retake_core.data_dir import DataDir
from retake_core.describing.ahead import DescribingAhead
from retake_core.indexing.run import IndexRun, leave_cores_to_decoders
from retake_core.library.described import due_descriptions
from retake_core.protocol.indexing_events import IndexingEvent, Remarked
from retake_core.settings import Settings
from retake_core.videollm.memory.index import model_name

NO_MODEL = "No model for questions is chosen, so nothing is described; choose one in the preferences."


class Describing(DescribingAhead):
    """Describes the videos that the settings name, and those asked for, with the model of the settings.

    Args:
        data_dir: the library's.
        settings: of the run.
        also: ids of videos that a person asked for.
    """

    def __init__(self, data_dir: DataDir, settings: Settings, also: Collection[int] = ()) -> None:
        super().__init__(settings, also)
        self._data_dir = data_dir

    def run(self, run: IndexRun) -> Iterator[IndexingEvent]:
        """Describe, and yield what happens.

        Args:
            run: of indexing, of which this is the end.

        Raises:
            Cancelled: what was described by then is stored; the next run goes on from there.
        """
        settings = self._settings
        if not self.is_wanted:
            return
        if settings.model is None:
            yield Remarked("", NO_MODEL)
            return
        with run.database.reading() as connection:
            if not due_descriptions(connection, model_name(settings.model), self.folders, self._also):
                return
        # Slow to load, and seldom needed.
        from retake_core.describing.describing_pass import DescribingPass
        from retake_core.videollm.model import choose_model

        model, reason = choose_model(None, settings.model, settings.precision)
        if model is None:
            yield Remarked("", reason or NO_MODEL)
            return
        leave_cores_to_decoders(settings)
        describing = DescribingPass(run.database, self._data_dir, model, settings, run.cancel)
        yield from describing.run(self.folders, self._also, run.first, run.give_way)
