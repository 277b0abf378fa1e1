"""Names of the files that exports write."""

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Wanted
from retake_desktop.common import safe_text

_LONGEST = 80  # characters
_FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|\x00\n\r\t', "-"))


def suggested_name(stem: str, addition: str) -> str:
    """Return a name for a file: that of a video, and what is special about the export."""
    return safe_text.line(f"{stem} {addition}".strip())


def plain_name(name: str) -> str:
    """Return a name that every file system takes."""
    return name.translate(_FORBIDDEN).strip(". ")[:_LONGEST] or "export"


def has_forbidden(name: str) -> bool:
    """Return whether a name has a sign that some file system does not take."""
    return name.translate(_FORBIDDEN) != name


def clip_name(video: VideoEntry, moment: Wanted) -> str:
    """Return the name of a clip of a moment, as other programs take it."""
    return plain_name(suggested_name(safe_text.stem(video.path), clock(moment.time).replace(":", ".")))
