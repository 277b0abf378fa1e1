"""Where a speech model runs: on a graphics card if there is one and it fits, else on the processor."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retake_core.speech.stretch import ListenMessage, Loaded, Moved, Reached, SoundStretch, Unusable

if TYPE_CHECKING:
    from retake_core.speech.listener import Listener


@dataclass(frozen=True, slots=True)
class Device:
    """Where and how a model runs: "cuda" or "cpu", and CTranslate2's type of numbers."""

    name: str
    compute_type: str


CPU = Device("cpu", "int8")
CARD = (Device("cuda", "float16"), Device("cuda", "int8_float16"))
"""On a graphics card; the second takes less of its memory."""
_TROUBLE = (RuntimeError, ValueError, MemoryError, ImportError)
"""What the libraries raise without memory, CUDA's own libraries, or a file that they understand."""


class Ladder:
    """A model on the best device that holds it; it steps down where one does not.

    Args:
        model: its folder.
        threads: that it may use on the processor.
        card: whether it may use a graphics card.
        tell: hears what happens.
    """

    def __init__(self, model: Path, threads: int, *, card: bool, tell: Callable[[ListenMessage], None]) -> None:
        self._model, self._threads, self._tell = model, threads, tell
        self._devices = [*(_cards() if card else ()), CPU]
        self._listener: Listener | None = None

    def listen(self, stretch: SoundStretch) -> None:
        """Listen to a stretch, and tell what was heard, or that no device can do it."""
        while True:
            try:
                if self._listener is None:
                    self._listener = self._load()
                    self._tell(Loaded())
                heard = self._listener.listen(stretch, lambda seconds: self._tell(Reached(seconds)))
            except _TROUBLE as error:
                self._listener = None  # before the next one is loaded
                if len(self._devices) == 1:
                    self._tell(Unusable(str(error)))
                    return
                del self._devices[0]
                self._tell(Moved(str(error)))
            else:
                self._tell(heard)
                return

    def _load(self) -> "Listener":
        from retake_core.speech.listener import Listener

        device = self._devices[0]
        return Listener(self._model, device.name, device.compute_type, self._threads)


def _cards() -> list[Device]:
    import ctranslate2

    try:
        types = ctranslate2.get_supported_compute_types("cuda") if ctranslate2.get_cuda_device_count() else set()
    except RuntimeError:  # a driver that does not fit
        return []
    return [device for device in CARD if device.compute_type in types]
