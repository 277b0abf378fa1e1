"""The kinds of graphics devices that may decode video."""

import sys
from typing import Final

_OF_SYSTEM: Final[dict[str, tuple[str, ...]]] = {
    "win32": ("cuda", "d3d11va"),
    "darwin": ("videotoolbox",),
}
_ELSEWHERE: Final = ("cuda", "vaapi")


def decoding_devices() -> tuple[str, ...]:
    """Return those that may be in a computer of this system, by FFmpeg's names, the best first."""
    return _OF_SYSTEM.get(sys.platform, _ELSEWHERE)
