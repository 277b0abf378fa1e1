"""Names that exports are given."""

from retake_core.display import clock
from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Wanted
from retake_desktop.common import safe_text
from retake_desktop.export.dialog import plain_name, suggested_name


def clip_name(video: VideoEntry, moment: Wanted) -> str:
    """Return the name of a clip of a moment, as other programs take it."""
    return plain_name(suggested_name(safe_text.stem(video.path), clock(moment.time).replace(":", ".")))
