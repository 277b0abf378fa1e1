"""A video large enough that a graphics card is worth it."""

from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from tests.support.fakes import age

KIND = "h264 High yuv420p 720p"
FPS = 12
WIDTH, HEIGHT = 1280, 720
X264 = {"preset": "ultrafast", "bf": "3", "profile": "high", "x264-params": "8x8dct=1"}


def large_clip(path: Path, seconds: float) -> Path:
    """Encode a bright bar that moves over a slope, with B-frames and a key frame every two seconds."""
    slope = np.linspace(30, 200, WIDTH, dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264",
            rate=FPS,
            options=X264,
        )
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size, stream.thread_count = 2 * FPS, 1
        for number in range(round(seconds * FPS)):
            image = np.empty((HEIGHT, WIDTH, 3), np.uint8)
            image[:] = slope[:, None]
            left = 10 * number % (WIDTH - 100)
            image[100:500, left : left + 100] = (240, 60, 90)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    age(path)
    return path
