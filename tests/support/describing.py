"""Describing in tests: a tiny model that writes nonsense in the form, and answers that are written down."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.describing import one_video
from retake_core.describing.service import Describing
from retake_core.encoders import Encoder
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.protocol.events import Event
from retake_core.settings import Settings
from retake_core.videollm.answer import ModelId, VideoSource, recall
from retake_core.videollm.describing.describe import VideoTold
from retake_core.videollm.describing.form import asked_times
from retake_core.videollm.describing.held import Vocabulary
from retake_core.videollm.describing.told import parse
from retake_core.videollm.events import AnswerPiece, Phase, Stats, VideoLLMEvent
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import Ending
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.reading import Reading
from retake_core.videollm.words import Words
from tests.support.shelf import only
from tests.support.tiny import save_tiny

Run = Callable[..., list[Event]]
"""Indexes and describes a folder of two clips; takes what `run_describing` takes, and settings."""
TOLD = (
    "Title: Colours\nSummary: A red picture, then others.\n"
    "0:00-0:09 red | It is red.\n0:12-0:15 later | Not red.\n"
)


def names(events: Sequence[Event], kind: Any) -> list[str]:
    """Return the names of the files that events of a kind are about."""
    return [Path(event.path).name for event in only(events, kind)]


def small_model(folder: Path) -> Path:
    """Save a tiny model that reads few frames, small ones."""
    save_tiny("qwen2_vl", folder)
    (folder / "retake.json").write_text('{"frames": 16, "long_side": 32}')
    return folder


@dataclass
class Script:
    """What the model says, whatever it sees; it reads the videos all the same.

    Attributes:
        answer: in the form, without pictures, which are made up.
        described: names of the files that it was asked about, in order.
        during: is called in the middle of each answer.
        seconds: that each answer takes to be written, as its account has it.
    """

    answer: str = TOLD
    described: list[str] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    seconds: float = 0.0

    def describe(
        self,
        family: Family,
        model: ModelId,
        vocabulary: Vocabulary,  # noqa: ARG002
        source: VideoSource,
        times: Sequence[float],
        reading: Reading,
        store: MemoryStore | None,
        cancel: CancelToken,
        words: Words,  # noqa: ARG002
        limits: object,  # noqa: ARG002
    ) -> Generator[VideoLLMEvent, None, VideoTold]:
        """Stand in for the model's writing."""
        stats = Stats(ending=Ending.COMPLETE, seconds={"answer": self.seconds})
        yield from recall(family, model, source, reading, store, cancel, stats)
        self.described.append(source.fingerprint)
        yield Phase("answer")
        self.during()
        cancel.check()
        pictures = "".join(f"{time} at {time}\n" for time in asked_times(times))
        answer = f"{self.answer}Pictures:\n{pictures}" if self.answer else ""
        yield AnswerPiece(answer)
        return VideoTold(parse(answer, times), 0, stats)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> "Script":
        """Have it said from now on."""
        monkeypatch.setattr(one_video, "describe", self.describe)
        return self


def run_describing(
    data_dir: DataDir,
    database: Database,
    folder: Path,
    encoder: Encoder,
    model: Path | None,
    also: Sequence[int] = (),
    cancel: CancelToken | None = None,
    give_way: Callable[[], bool] = lambda: False,
    speeds: Path | None = None,
    **more: Any,
) -> list[Event]:
    """Index a folder, describe what is in it, and return what was told."""
    settings = Settings(**{"screen_text": False, "describe": True, "model": model and str(model), **more})
    run = IndexRun(
        database,
        encoder,
        settings,
        cancel or CancelToken(),
        give_way=give_way,
        speeds=speeds,
        last=Describing(data_dir, settings, also),
    )
    return list(index_folders(run, [folder]))
