"""Interlaced pictures: two fields, taken one after the other, become one picture of the first one's instant."""

from fractions import Fraction

import numpy as np
from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

_ANY = Fraction(1, 1000)
_TOOTH = 20  # levels by which a line stands out from both its neighbours, in the same direction
_COMBED = 0.002  # share of such pixels from which on something moved between the fields


def deinterlaced(picture: VideoFrame) -> VideoFrame:
    """Return a picture without the teeth that motion leaves between its fields.

    A progressive picture, and one in which nothing moved, is returned as it is, with all its lines. Which field
    comes first is what the picture itself says.
    """
    if not picture.interlaced_frame or not _is_combed(picture):
        return picture
    base = picture.time_base or _ANY  # a picture that the decoder held to its end may have none
    try:
        graph = Graph()
        source = graph.add_buffer(
            width=picture.width, height=picture.height, format=picture.format, time_base=base
        )
        # From one picture alone, so that it does not matter which others a reader decodes.
        nodes = [source, graph.add("yadif", "mode=send_frame:parity=auto:deint=all"), graph.add("buffersink")]
        graph.link_nodes(*nodes).configure()
        graph.vpush(picture)
        graph.vpush(None)
        mended = graph.vpull()
    except (FFmpegError, ValueError):
        return picture  # a format that the filter does not know
    mended.pts, mended.time_base = picture.pts, base
    return mended


def _is_combed(picture: VideoFrame) -> bool:
    lines = _luminance(picture)
    if lines is None or len(lines) < 3:
        return True
    up, down = lines[1:-1] - lines[:-2], lines[1:-1] - lines[2:]
    teeth = (np.minimum(up, down) > _TOOTH) | (np.maximum(up, down) < -_TOOTH)
    return bool(teeth.mean() > _COMBED)


def _luminance(picture: VideoFrame) -> NDArray[np.int16] | None:
    """Return the first plane, or None where its numbers are not of one byte each."""
    if not picture.format.is_planar or picture.format.components[0].bits != 8:
        return None
    plane = picture.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
        : picture.height, : picture.width
    ]
    numbers: NDArray[np.int16] = rows.astype(np.int16)
    return numbers
