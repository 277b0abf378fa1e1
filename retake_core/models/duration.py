"""About how long a model takes for an hour of video here, from how fast this computer multiplies. Loads torch."""

import logging
import time

import torch

from retake_core.models.catalogue import BUILTIN, OfferedModel
from retake_core.protocol.model_messages import ModelKind
from retake_core.videollm.machine import default_device, model_dtype

log = logging.getLogger(__name__)

USED = 0.4  # of what the machine can multiply, models use about so much
PICTURES = 3600  # that are compared in an hour of video: two a second, in the half of it where something happens
WINDOWS = 120  # of 30 seconds, that speech is heard in
WINDOW_TOKENS = 1000  # that a window is worth, of the weights of both of its networks
SENTENCE_TOKENS = 5000  # half of those of an hour: most of the weights are vectors of words, which are looked up
BUILTIN_WORK = 4e8  # for a picture, counted as if it multiplied as densely as the others
TRIES = 8
SIZES = {"cpu": 1024, "cuda": 4096}  # of the matrices that are multiplied


def work_of_an_hour(model: OfferedModel, visual_tokens: int = 0) -> float:
    """Return the operations that an hour of video costs.

    Args:
        model: of the catalogue.
        visual_tokens: that a VideoLLM makes of the hour.
    """
    match model.kind:
        case ModelKind.VIDEOLLM:
            return 2.0 * model.parameters * visual_tokens
        case ModelKind.SPEECH:
            return 2.0 * model.parameters * WINDOWS * WINDOW_TOKENS
        case ModelKind.SENTENCES:
            return 2.0 * model.parameters * SENTENCE_TOKENS
    return PICTURES * (BUILTIN_WORK if model.id == BUILTIN else model.picture_work)


def seconds_for(work: float, speed: float) -> float | None:
    """Return how long work takes at a speed that was measured; None where it was not."""
    return work / (speed * USED) if speed else None


def speed_here() -> float:
    """Measure how many operations a second the device of the models does; takes about a tenth of a second.

    0 where it does none now: the card is taken, or its driver has failed.
    """
    device = default_device()
    size = SIZES.get(device.type, SIZES["cpu"])
    try:
        matrix = torch.ones((size, size), dtype=model_dtype(device), device=device)
        times = [_multiply(matrix) for _ in range(TRIES)]
    except RuntimeError as error:
        log.warning("the speed of %s could not be measured: %s", device, error)
        return 0.0
    return float(2 * size**3 / min(times))  # the fastest: others get things ready, or other programs ran beside


def _multiply(matrix: torch.Tensor) -> float:
    began = time.perf_counter()
    (matrix @ matrix)[0, 0].item()  # which waits until it is done
    return max(time.perf_counter() - began, 1e-9)
