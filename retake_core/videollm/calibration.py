"""How fast this machine reads: learned from runs, one file for each model."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from retake_core.system.files import write_durably
from retake_core.videollm.events import Stats


@dataclass(frozen=True)
class Counts:
    """Exact numbers of one reading.

    Attributes:
        frames: frames that are read.
        visual_tokens: before compression.
        kept_tokens: visual entries left in each layer.
        entries: all entries of each layer, text included.
        kv_bytes: keys and values of all layers.
        chunk_tokens: tokens of the largest chunk, text included.
        pixel_bytes: the largest chunk's pixels, as the model takes them.
        room: entries that each layer's storage needs at once: a chunk before it is compressed comes on top.
        positions: the model's positions that are used, those of a question and its answer included.
    """

    frames: int
    visual_tokens: int
    kept_tokens: int
    entries: int
    kv_bytes: int
    chunk_tokens: int
    pixel_bytes: int
    room: int
    positions: int


RATES = {"decode": "frames", "vision": "visual_tokens", "prefill": "visual_tokens"}
"""What each phase's time is proportional to."""


@dataclass(frozen=True)
class Calibration:
    """Seconds per unit of work of each phase, for one model on this machine.

    Attributes:
        rates: seconds per frame or visual token, by phase; see RATES.
    """

    rates: Mapping[str, float]

    def predict(self, counts: Counts) -> dict[str, float]:
        """Return the expected seconds of each phase that was measured before."""
        work = asdict(counts)
        return {phase: rate * work[RATES[phase]] for phase, rate in self.rates.items() if phase in RATES}

    def updated(self, counts: Counts, stats: Stats) -> "Calibration":
        """Take a run into account: half of what was known, half of what it showed."""
        work, rates = asdict(counts), dict(self.rates)
        for phase, unit in RATES.items():
            if phase in stats.seconds and work[unit] and not stats.from_memory:
                measured = stats.seconds[phase] / work[unit]
                rates[phase] = (rates[phase] + measured) / 2 if phase in rates else measured
        return Calibration(rates)

    @classmethod
    def load(cls, path: Path) -> "Calibration":
        """Read a file; what cannot be read counts as nothing known."""
        try:
            stored = json.loads(path.read_text("utf-8"))
            return cls({phase: float(stored[phase]) for phase in RATES if phase in stored})
        except (OSError, ValueError, TypeError):
            return cls({})

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all.

        Raises:
            OSError: the disk is full or not writable.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path, json.dumps(dict(self.rates)).encode())
