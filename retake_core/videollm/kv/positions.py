"""Where every token of a prompt with a video stands: the position ids, built by us.

The models' own functions start the text after a video inside the video's time range, and know nothing of a
compressed past. Here text always starts behind everything before it, and a video segment may be squeezed in
time (paper, section 3.3): t' = t_v + floor(r (t - t_v)), where t_v is the segment's first temporal position.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from retake_core.videollm.kv.pivotkv import squeeze


@dataclass(frozen=True)
class Cursor:
    """The next free position, and the video segment that is open. Moving it gives a new one.

    Attributes:
        rows: 3 for M-RoPE (time, height, width), 1 for plain positions.
        ratio: how much a segment shrinks in time; 1 leaves it as it is.
        interval: temporal positions from one time step to the next (M-RoPE only; may be a fraction).
        free: the first position behind everything so far.
        start: the open segment's first position.
        step: time steps of the open segment so far.
        squeezes: whether keys are moved to their squeezed place.
    """

    rows: int
    ratio: float = 1.0
    interval: float = 1.0
    free: int = 0
    start: int = 0
    step: int = 0
    squeezes: bool = False

    def text(self, count: int) -> tuple["Cursor", Tensor]:
        """Place text: the same position on all rows. Returns the new cursor and int64, [rows, count]."""
        positions = torch.arange(self.free, self.free + count).expand(self.rows, count)
        return replace(self, free=self.free + count), positions

    def open_segment(self) -> "Cursor":
        """Start a video segment at the first free position."""
        return replace(self, start=self.free, step=0)

    def video(self, steps: int, height: int, width: int) -> tuple["Cursor", Tensor, Tensor]:
        """Place the next time steps of the open segment.

        The steps run in their natural distances, right behind the squeezed past, and are squeezed afterwards.

        Args:
            steps: how many time steps.
            height: token rows of a step.
            width: token columns of a step.

        Returns:
            The cursor behind the steps, the positions to run with, and those that the keys end on; both
            int64, [rows, steps * height * width].
        """
        # With plain positions every token is a point in time of its own.
        points, interval = (1, self.interval) if self.rows == 3 else (height * width, 1.0)
        index = torch.arange(self.step * points, (self.step + steps) * points)
        offset = (index.double() * interval).long()
        squeezed = squeeze(offset, self.ratio)
        natural = squeezed[0] + offset - offset[0]
        run, end = (self._grid(self.start + time, height, width) for time in (natural, squeezed))
        # The largest position taken, on any row, decides where text may go on.
        return replace(self, free=max(self.free, int(end.max()) + 1), step=self.step + steps), run, end

    def behind(self, steps: int, height: int, width: int) -> tuple["Cursor", int]:
        """Tell where `video` ends without placing anything.

        Returns:
            The cursor behind the steps, and the first position behind those that they run with.
        """
        points, interval = (1, self.interval) if self.rows == 3 else (height * width, 1.0)
        index = torch.tensor([self.step * points, (self.step + steps) * points - 1])
        first, last = (index.double() * interval).long().tolist()
        squeezed_first, squeezed_last = squeeze(torch.tensor([first, last]), self.ratio).tolist()
        grid = max(height, width) - 1 if self.rows == 3 else 0
        free = max(self.free, self.start + max(squeezed_last, grid) + 1)
        run = self.start + max(squeezed_first + last - first, grid) + 1
        return replace(self, free=free, step=self.step + steps), run

    def _grid(self, time: Tensor, height: int, width: int) -> Tensor:
        if self.rows == 1:
            return time[None]
        rows, columns = self.start + torch.arange(height), self.start + torch.arange(width)
        return torch.stack(torch.meshgrid(time, rows, columns, indexing="ij")).reshape(3, -1)
