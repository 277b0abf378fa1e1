"""What a pass over a video costs, before it has begun: seconds of one core that is neither fast nor slow.

Only the proportions matter: how fast this computer is, every run measures anew.
"""

from retake_core.library.indexing import Depth, DueVideo
from retake_core.media.video_info import Span

START = 0.12  # opening a file, and storing what comes of it
READ = 1 / 1.5e9  # a byte of it
PICTURE = 0.08  # a picture that is compared and encoded
PIXEL = 2.2e-9  # a pixel that is decoded, in H.264
KEY_PIXEL = 9e-9  # a pixel of a codec's key frame, which is decoded alone
CODECS = {"hevc": 1.4, "av1": 1.4, "vp9": 1.2, "mpeg4": 0.7, "mpeg2video": 0.7, "mjpeg": 1.5}
KEY_EVERY = 4.0  # seconds from one key frame to the next
LOOK = 0.5  # seconds of decoding that a jump to another place costs
BYTES_A_SECOND = 600_000.0  # of a video of which nothing is known but its size
USUAL_PIXELS, USUAL_RATE = 1280 * 720, 30.0


def decoding_cost(due: DueVideo, depth: Depth, rate: float) -> float:
    """Return what a pass costs.

    Args:
        due: the video; what is not known of it is guessed.
        depth: of the pass.
        rate: samples a second.
    """
    pixels = due.pixels or USUAL_PIXELS
    duration = due.duration or due.size / BYTES_A_SECOND
    codec = CODECS.get(due.codec, 1.0)
    if depth == Depth.QUICK:
        pictures = duration / KEY_EVERY
        return START + due.size * READ + pictures * (pixels * KEY_PIXEL * codec + PICTURE)
    seconds = _decoded(due.spans, duration) if due.spans else duration
    decoding = seconds * (due.frame_rate or USUAL_RATE) * pixels * PIXEL * codec
    return START + decoding + seconds * rate * PICTURE


def share_done(spans: list[Span] | None, position: float, duration: float) -> float:
    """Return how much of the cost is behind a position, 0..1; 0 while nothing is known of the whole."""
    if not spans:
        return min(position / duration, 1.0) if duration else 0.0
    behind = [span for span in spans if span[0] <= position]
    return min(_decoded(behind, position) / _decoded(spans, max(duration, position)), 1.0)


def _decoded(spans: list[Span], until: float) -> float:
    return sum(max(min(end, until) - start, 0.0) + LOOK for start, end in spans)
