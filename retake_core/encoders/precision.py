"""Pictures in bfloat16 on a processor, where that is faster and search sees the same.

What it costs in accuracy, the weights decide, and what it gains, the processor: both are measured on the first
pictures that an encoder looks at, and remembered. Vectors keep their encoder's id either way, as they differ by
less than `LOSS`: a library may hold both, as after a change of the processor. Texts stay in float32.
"""

import copy
import logging
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from retake_core.encoders.base import EncodedFrames, Encoder
from retake_core.encoders.calibrated import Vectors
from retake_core.encoders.local_encoder import LocalEncoder
from retake_core.encoders.noise_words import noise_texts
from retake_core.encoders.precision_verdicts import BFLOAT16, PrecisionVerdicts, computes_in_bfloat16
from retake_core.errors import one_line
from retake_core.system.verdicts import Verdict

log = logging.getLogger(__name__)
Images = Sequence[NDArray[np.uint8]]

PICTURES = 16
"""That differ from one another, on which it is tried."""
SAME = 0.98
"""The cosine from which two pictures are nearly the same, so that one is enough. Lower, and a library of one place
would never have enough of them; a guess, as it matters only how soon it is tried."""
FASTER = 0.8
"""Of float32's seconds of the processor that bfloat16 may take at most."""
LOSS = 0.005
"""That is allowed, see `difference`."""
DESCRIPTIONS = noise_texts()[::4]
"""Of which the cosines to the pictures are compared."""


def choose_precision(encoder: Encoder, verdicts: PrecisionVerdicts) -> None:
    """Let an encoder look at pictures in bfloat16 if that is known to be right here, or try it on the first ones.

    The built-in encoder, those on graphics cards, those whose texts go through the same layers as their pictures,
    and processors that do not compute in bfloat16 keep float32.
    """
    if not isinstance(encoder, LocalEncoder) or encoder.precision is not None or not encoder.picture_parts:
        return
    if encoder.device.type == "cpu" and encoder.dtype == torch.float32 and computes_in_bfloat16():
        encoder.precision = Precision(encoder, verdicts)


class Precision:
    """Sees to it that an encoder looks at pictures in the right precision.

    Args:
        encoder: in float32.
        verdicts: what is known, and what remembers what is found out.
        clock: tells seconds of the processor, of this thread: others receive frames meanwhile.
        alike: the cosine from which pictures count as the same one, of which the first is enough.
    """

    def __init__(
        self,
        encoder: LocalEncoder,
        verdicts: PrecisionVerdicts,
        clock: Callable[[], float] = time.thread_time,
        alike: float = SAME,
    ) -> None:
        self._encoder, self._verdicts, self._clock, self._alike = encoder, verdicts, clock, alike
        self._images: list[NDArray[np.uint8]] = []
        self._vectors: list[Vectors] = []
        known = verdicts.of(BFLOAT16).get(encoder.id)
        self._is_known = known is not None
        if known is not None and known.right:
            encoder.use(_copies(encoder.parts(), torch.bfloat16))
            log.info("%s looks at pictures in bfloat16. %s", encoder.id, known.why)

    def encode(self, images: Images) -> EncodedFrames:
        """Encode frames, as `Encoder.encode_frames`; an encoder that fails in bfloat16 goes on in float32."""
        encoder = self._encoder
        try:
            encoded = encoder.look_at(images)
        except RuntimeError as error:
            if encoder.picture_dtype == torch.float32:
                raise
            log.warning("%s fails in bfloat16, and goes on in float32: %s", encoder.id, one_line(error))
            encoder.use(_copies(encoder.parts(), torch.float32))  # weights stay rounded, by less than `LOSS`
            encoded = encoder.look_at(images)
        if not self._is_known:
            self._gather(images, encoded.embeddings)
        return encoded

    def _gather(self, images: Images, vectors: Vectors) -> None:
        """Keep pictures until there are enough to try it on."""
        for image, vector in zip(images, vectors, strict=True):
            if all(float(other @ vector) < self._alike for other in self._vectors):
                self._images.append(image)
                self._vectors.append(vector)
            if len(self._images) == PICTURES:
                self._try()
                return

    def _try(self) -> None:
        """Try it on the pictures, and go on in the precision that came out best."""
        encoder = self._encoder
        full = encoder.parts()
        try:
            lower = _copies(full, torch.bfloat16)
            verdict = judge(encoder, full, lower, self._images, self._clock)
        except Exception as error:  # libraries raise anything over what a processor cannot do
            log.warning("%s cannot look at pictures in bfloat16", encoder.id, exc_info=True)
            verdict = Verdict(False, f"It fails: {one_line(error)}.")
        encoder.use(lower if verdict.right else full)
        log.info(
            "%s looks at pictures in %s. %s", encoder.id, BFLOAT16 if verdict.right else "float32", verdict.why
        )
        self._verdicts.keep(BFLOAT16, encoder.id, verdict)
        self._is_known = True
        self._images.clear()
        self._vectors.clear()


def judge(
    encoder: LocalEncoder,
    full: Mapping[str, nn.Module],
    lower: Mapping[str, nn.Module],
    images: Images,
    clock: Callable[[], float],
) -> Verdict:
    """Compare what an encoder makes of pictures in two precisions, which take turns.

    Args:
        encoder: whose parts are changed.
        full: the parts in float32.
        lower: the same in bfloat16.
        images: that differ from one another.
        clock: tells seconds of the processor.
    """
    seconds: tuple[list[float], list[float]] = ([], [])
    seen: tuple[list[EncodedFrames], list[EncodedFrames]] = ([], [])
    encoder.use(lower)
    encoder.look_at(images[: encoder.batch])  # the first run prepares the weights
    for start in range(0, len(images), encoder.batch):
        for which, parts in enumerate((full, lower)):
            encoder.use(parts)
            before = clock()
            seen[which].append(encoder.look_at(images[start : start + encoder.batch]))
            seconds[which].append(clock() - before)
    part = float(np.median(np.divide(seconds[1], seconds[0])))  # what else runs slows some batches down
    if not part < FASTER:
        return Verdict(False, f"It takes {part:.0%} of the time of float32.")
    lost = difference(_joined(seen[0]), _joined(seen[1]), encoder.encode_texts(DESCRIPTIONS))
    if not lost < LOSS:
        return Verdict(False, f"Search would see a difference of {lost:.2%}.")
    return Verdict(True, f"It takes {part:.0%} of the time of float32; search sees a difference of {lost:.3%}.")


def difference(full: EncodedFrames, lower: EncodedFrames, texts: Vectors) -> float:
    """Return by how much two encodings of the same pictures differ: the most of four numbers, 0 where they agree.

    Two are, of each picture, one minus the cosine of its two vectors, and of its two maps. The others are of its
    cosines to descriptions, and to the other pictures: half the mean squared change over the variance among
    pictures, about one minus the correlation. A change of a tenth of what tells pictures apart makes 0.005, and
    the spread in which search has to tell what matches grows by as much.

    Args:
        full: of n pictures.
        lower: of the same.
        texts: vectors of descriptions, float32 [texts, dimension], each of length 1.
    """
    vectors = 1 - (full.embeddings * lower.embeddings).sum(1)
    lengths = np.linalg.norm(full.maps, axis=2) * np.linalg.norm(lower.maps, axis=2)
    maps = 1 - ((full.maps * lower.maps).sum(2) / np.maximum(lengths, 1e-12)).mean(1)
    described = _moved(full.embeddings @ texts.T, lower.embeddings @ texts.T)
    pairs = np.triu_indices(len(full.embeddings), 1)
    alike = _moved(*((each.embeddings @ each.embeddings.T)[pairs][:, None] for each in (full, lower)))
    return float(np.max([vectors.max(), maps.max(), described, alike]))  # NaN, if there is one


def _moved(full: Vectors, lower: Vectors) -> float:
    """Return half the squared change of numbers over their variance down the first axis, 1 at the most."""
    variance = np.square(full - full.mean(axis=0)).sum()
    return float(np.minimum(np.square(lower - full).sum() / (2 * np.maximum(variance, 1e-12)), 1))


def _joined(parts: Sequence[EncodedFrames]) -> EncodedFrames:
    return EncodedFrames(
        np.concatenate([part.embeddings for part in parts]), np.concatenate([part.maps for part in parts])
    )


def _copies(parts: Mapping[str, nn.Module], dtype: torch.dtype) -> dict[str, nn.Module]:
    """Copy modules in another precision; the whole weights are not there twice meanwhile."""
    copies = {}
    for name, part in parts.items():
        cast: dict[int, object] = {
            id(weight): nn.Parameter(weight.detach().to(dtype), requires_grad=False)
            for weight in part.parameters()
        }
        numbers = (number for number in part.buffers() if number.is_floating_point())
        copies[name] = copy.deepcopy(part, cast | {id(number): number.to(dtype) for number in numbers})
    return copies
