"""A crew of several in one process, of which now and then somebody is lost."""

import random
from collections.abc import Collection, Iterator, Sequence

from retake_core.cancel import CancelToken
from retake_core.indexing.passes.crew import End, Kit, Piece, PieceLost, words


class ManyHands:
    """Works on some pieces in turn, a word of each at a time, so that later ones are often done first.

    Args:
        kit: to work with; one for all, which has to bear it.
        cancel: stops it.
        count: of the pieces at once.
        losses: how many pieces are lost, each after a few words or its first.
    """

    def __init__(self, kit: Kit, cancel: CancelToken, count: int = 4, losses: int = 0) -> None:
        self.count, self.losses = count, losses
        self.begun: list[Piece] = []
        self.most = 0
        self.is_closed = False
        self.worked_here = True
        self._kit, self._cancel = kit, cancel
        self._random = random.Random(7)
        self._under_way: dict[int, Iterator[object]] = {}

    @property
    def is_free(self) -> bool:
        return len(self._under_way) < self.count

    def begin(self, piece: Piece) -> int:
        assert self.is_free
        self.begun.append(piece)
        self._under_way[len(self.begun)] = words(self._kit, piece, self._cancel)
        self.most = max(self.most, len(self._under_way))
        return len(self.begun)

    def hear(self) -> Sequence[tuple[int, object]]:
        if not self._under_way:
            return []
        number = self._random.choice(list(self._under_way))
        word = next(self._under_way[number])
        if self.losses and self._random.random() < 0.3:
            self.losses -= 1
            word = PieceLost()
        if isinstance(word, End):
            del self._under_way[number]
        return [(number, word)]

    def stop(self, numbers: Collection[int]) -> None:
        for number in numbers:
            del self._under_way[number]

    def remarks(self) -> Iterator[str]:
        return iter(())

    def close(self) -> None:
        self.is_closed = True
        self._kit.close()
