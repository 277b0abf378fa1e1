"""What an encoder offers: pictures and texts in one vector space, and a spatial map for DPSelect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EncodedFrames:
    """A batch of encoded frames.

    Attributes:
        embeddings: float32, [batch, dimension], each of length 1.
        maps: float32, [batch, positions, channels], the spatial features that DPSelect compares
            (about 7 x 7 positions).
    """

    embeddings: NDArray[np.float32]
    maps: NDArray[np.float32]


class Encoder(Protocol):
    """Turns frames and texts into vectors of one space, compared by cosine."""

    id: str
    """Names the model and its weights; vectors of different ids are never compared."""
    dimension: int

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode RGB frames, uint8 [height, width, 3] of any size."""
        ...

    def pool(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """Join the embeddings of one scene's frames, float32 [n, dimension], into one, [dimension], length 1."""
        ...

    def encode_text(self, text: str) -> NDArray[np.float32]:
        """Encode a description, float32 [dimension], length 1."""
        ...

    def unknown_words(self, text: str, /) -> tuple[str, ...]:
        """Return the words of a description that it leaves out, as it knows nothing of them."""
        ...

    def names_something(self, text: str, /) -> bool:
        """Whether it knows anything of a description; else no picture matches it."""
        ...

    def confidence(self, cosine: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map text-to-image cosines to 0..1; below 0.5 a frame does not count as a match."""
        ...

    def picture_query(self, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what to look for, [dimension], to find pictures like the one of an embedding."""
        ...

    def likeness(self, embedding: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
        """Say how alike one picture is to others, [n, dimension]: 0..1, below 0.5 they do not count as alike."""
        ...
