"""Describing as a part of a run of indexing: its last one."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from retake_core.data_dir import DataDir
from retake_core.describing.work import whole_speed, work_of
from retake_core.indexing.passes.speeds import PassSpeed, Speeds
from retake_core.indexing.run import IndexRun, leave_cores_to_decoders
from retake_core.library.described import due_descriptions
from retake_core.library.indexing import DueVideo
from retake_core.library.settled import SettledVideo
from retake_core.library.typical import TypicalVideo
from retake_core.protocol.indexing_events import IndexingEvent, PassName, Remarked
from retake_core.settings import Settings
from retake_core.videollm.memory.index import model_name

if TYPE_CHECKING:  # torch comes with it
    from retake_core.describing.describer import Describer

NO_MODEL = "No model for questions is chosen, so nothing is described; choose one in the preferences."


class Describing:
    """Describes the videos that the settings name, and those asked for; see `LastPass`.

    Args:
        data_dir: the library's.
        settings: of the run; they name the model, and the folders whose videos are described.
        also: ids of videos that a person asked for.
        describer: has the model of the settings during a block; None is this computer.
    """

    name: Final = PassName.DESCRIBE
    after: Final = PassName.REFINED

    def __init__(
        self,
        data_dir: DataDir,
        settings: Settings,
        also: Collection[int] = (),
        describer: "Callable[[Settings], AbstractContextManager[Describer]] | None" = None,
    ) -> None:
        self._data_dir, self._settings, self._also = data_dir, settings, also
        self._describer = describer or self._here

    @property
    def folders(self) -> list[Path] | None:
        """Whose videos are described; None is all, and the switch being off is none."""
        settings = self._settings
        if settings.describe and not settings.describe_folders:
            return None
        return [Path(folder) for folder in settings.describe_folders] if settings.describe else []

    @property
    def is_wanted(self) -> bool:
        """Whether anything is to be described."""
        return self._settings.describe or bool(self._also)

    @property
    def pass_speed(self) -> PassSpeed | None:
        """Under which name its speed is remembered; None where nothing is described."""
        if not self.is_wanted or self._settings.model is None:
            return None
        return whole_speed(model_name(self._settings.model))

    def due_work(self, connection: Connection) -> Mapping[int, float]:
        """Return what it takes to describe the videos whose turn has come, by their ids."""
        return {entry.video_id: work_of(entry.duration) for entry in self._due(connection)}

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:  # noqa: ARG002
        """Return what it will take to describe a video; whether it lies in a chosen folder shows later."""
        return work_of(video.duration) if self.is_wanted and self.folders is None else 0.0

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
            if not self._due(connection):
                return
        # Slow to load, and seldom needed.
        from retake_core.describing.describing_pass import DescribingPass

        leave_cores_to_decoders(settings)
        speeds = Speeds(self._data_dir.indexing_speeds)
        with self._describer(settings) as describer:
            describing = DescribingPass(run.database, describer, settings, speeds, run.cancel)
            yield from describing.run(self.folders, self._also, run.first, run.give_way)

    def _due(self, connection: Connection) -> list[SettledVideo]:
        if not self.is_wanted or self._settings.model is None:
            return []
        return due_descriptions(connection, model_name(self._settings.model), self.folders, self._also)

    def _here(self, settings: Settings) -> "AbstractContextManager[Describer]":  # noqa: ARG002 - it reads them
        from retake_core.describing.describer import LocalDescriber

        return nullcontext(LocalDescriber(self._data_dir))
