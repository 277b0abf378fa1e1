"""Colour bars and a bar that moves, as FFmpeg draws them in each form, and how far a picture of them is off."""

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

BARS = "-f lavfi -i smptebars=s=320x180:r=5:d=3 -vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
TAGS = "-color_primaries {0} -color_trc {1} -colorspace {2}"
HDR = (
    ",zscale=tin=709:min=709:pin=709:rin=tv:t={0}:m=2020_ncl:p=2020:r=tv:npl=203,format=yuv420p10le"
    " -c:v libx265 -preset ultrafast -x265-params log-level=error "
)
TRANSFERS = {"hlg": "arib-std-b67", "pq": "smpte2084"}
BAR = (
    "-f lavfi -i color=gray:s=320x240:r=50:d=3 -f lavfi -i color=white:s=60x200:r=50:d=3"
    " -filter_complex [0][1]overlay=x='mod(t*300,260)':y=20,tinterlace=interleave_{0},fieldorder={1} -r 25 "
)
FIELDS = {
    "top.mp4": BAR.format("top", "tff") + "-c:v libx264 -preset ultrafast -flags +ildct+ilme -x264opts tff=1",
    "bottom.mp4": BAR.format("bottom", "bff")
    + "-c:v libx264 -preset ultrafast -flags +ildct+ilme -x264opts bff=1",
    "top.mpg": BAR.format("top", "tff") + "-c:v mpeg2video -q:v 4 -flags +ildct+ilme",
    "top.mkv": BAR.format("top", "tff") + "-c:v mpeg2video -q:v 4 -flags +ildct+ilme",
}


def distance(image: Image, other: Image) -> float:
    """Return by how much two pictures of the bars differ: the mean of the largest difference of the channels."""
    apart = np.abs(image.astype(int) - other.astype(int)).max(axis=-1)
    return float(apart[20:100].mean())


def teeth(image: Image) -> int:
    red = image[..., 0].astype(int)
    return int((np.abs(red[1:-1] - (red[:-2] + red[2:]) / 2) > 60).sum())
