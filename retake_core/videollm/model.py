"""A VideoLLM on this computer: opened to plan with, loaded to answer."""

import gc
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Annotated

import msgspec
import torch
from transformers.utils import logging as transformers_logging

from retake_core.errors import UserError
from retake_core.hub.local_models import find_model
from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.videollm.answer import ModelId
from retake_core.videollm.families.base import Family
from retake_core.videollm.four_bit import four_bit_bytes
from retake_core.videollm.loading import load_weights, open_family
from retake_core.videollm.machine import total_bytes
from retake_core.videollm.memory.index import model_name
from retake_core.videollm.memory.last import LastMemory
from retake_core.videollm.precision import Precision, in_four_bit
from retake_core.videollm.reading import LONG_SIDES, MOST_RATE, Detail
from retake_core.videollm.weights import revision, weight_bytes

ABOUT = "retake.json"


class About(msgspec.Struct, frozen=True):
    """What a model's folder may tell in a file `retake.json`.

    Attributes:
        note: one sentence that its user must know.
        frames: at most so many is it made for.
        words: whether it can read more than a question: what is said in a video, and what stands on its screen.
        long_side: pixels of the longer side of a frame, at most so many is it made for.
        rate: frames a second, at most so many is it made for.
    """

    note: Annotated[str, msgspec.Meta(max_length=200)] = ""
    frames: Annotated[int, msgspec.Meta(ge=1)] = MAX_FRAMES
    words: bool = True
    long_side: Annotated[int, msgspec.Meta(ge=1)] = LONG_SIDES[-1]
    rate: Annotated[float, msgspec.Meta(gt=0)] = MOST_RATE

    @property
    def detail(self) -> Detail:
        """How closely it may read a video."""
        return Detail(self.long_side, self.rate)

    @classmethod
    def of(cls, folder: Path) -> "About":
        """Read it; few models have one."""
        try:
            return msgspec.json.decode((folder / ABOUT).read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError):
            return cls()


@dataclass(frozen=True)
class VideoLLM:
    """A model on this computer, opened for plans and loaded for answers.

    Example::

        model = VideoLLM.open("Qwen/Qwen2-VL-2B-Instruct")
        recording = Recording(duration=600.0, width=1920, height=1080)
        plan = make_plan(model.family, recording, available_bytes(), model.weight_bytes)
        model.load()
        party = VideoSource("", lambda: open_source(Path("party.mp4")))
        for event in ask(model.family, model.id, party, "Who came?", plan.reading, None, CancelToken()):
            if isinstance(event, AnswerPiece):
                print(event.text, end="")

    Attributes:
        folder: where it lies.
        id: names it and its weights.
        family: with its weights once `load` was called.
        weight_bytes: memory that the weights take.
        about: what its makers say.
        four_bit: whether its language model is, or is to be, loaded in 4 bit.
    """

    folder: Path
    id: ModelId
    family: Family
    weight_bytes: int
    about: About
    four_bit: bool = False
    last: LastMemory = field(default_factory=LastMemory, compare=False)

    @classmethod
    def open(cls, path_or_id: str, precision: Precision = "auto") -> "VideoLLM":
        """Open a model without its weights.

        Args:
            path_or_id: a folder, or the id of a model in the hub's cache.
            precision: in which it is to be loaded.

        Raises:
            UserError: it is not on this computer, is damaged, is of no architecture that works here, or cannot be
                loaded in that precision.
        """
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        folder = find_model(path_or_id, RECOMMENDED_VIDEOLLM)
        family = open_family(folder)
        size = weight_bytes(folder, family.dtype)
        parameters = size // family.dtype.itemsize
        four_bit = in_four_bit(precision, family, parameters, total_bytes())
        if four_bit:
            size = four_bit_bytes(family.shape, parameters)
        model = ModelId(model_name(path_or_id), _revision(folder, four_bit=four_bit))
        return cls(folder, model, family, size, About.of(folder), four_bit)

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self.family.model is not None

    def unload(self) -> None:
        """Give back the memory of the weights, and of what was loaded for them."""
        self.last.let_go()
        self.family.model = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def load(self) -> float:
        """Load the weights, unless they are loaded. Returns the seconds that it took.

        Raises:
            UserError: they are damaged, or do not fit.
        """
        if self.loaded:
            return 0.0
        begin = perf_counter()
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        load_weights(self.family, self.folder, four_bit=self.four_bit)
        if _revision(self.folder, four_bit=self.four_bit) != self.id.revision:  # what was planned is of no use
            self.family.model = None
            raise UserError(f"The model in {self.folder} was changed meanwhile; try again once it is complete.")
        return perf_counter() - begin


def _revision(folder: Path, *, four_bit: bool) -> str:
    """Return what tells a model from others: memories of one in 4 bit are of no use to the whole."""
    return revision(folder) + ("-4bit" if four_bit else "")


def choose_model(
    name: str | None, setting: str | None, precision: Precision = "auto"
) -> tuple[VideoLLM | None, str | None]:
    """Open the model that a person named, or that the settings name.

    Args:
        name: the folder or id that a person named; it must work.
        setting: the folder or id of the settings, which need not be there.
        precision: in which it is to be loaded.

    Returns:
        The model, or None and why the setting's model cannot be used, or None twice where nothing is set.

    Raises:
        UserError: the model that the person named cannot be used.
    """
    if name is not None:
        return VideoLLM.open(name, precision), None
    if setting is None:
        return None, None
    try:
        return VideoLLM.open(setting, precision), None
    except UserError as error:
        return None, str(error)
