"""Links to a moment of a video: `retake:///home/me/party.mp4#t=12.5&id=...`."""

import math
import os
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from retake_core.errors import UserError
from retake_core.library.catalog import VideoEntry

SCHEME = "retake"


@dataclass(frozen=True, slots=True)
class Link:
    """A moment of a video.

    Attributes:
        path: where the file was when the link was made.
        time: seconds, or None.
        fingerprint: of the video's content, which finds it after a move; empty when the link has none.
    """

    path: Path
    time: float | None = None
    fingerprint: str = ""


def link_to(video: VideoEntry, time: float) -> str:
    """Return the link to a moment."""
    path = urllib.parse.quote(os.fsencode(video.path))
    return f"{SCHEME}://{'' if path.startswith('/') else '/'}{path}#t={time:.3f}&id={video.fingerprint}"


def parse_link(text: str) -> Link:
    """Read a link of this app, the URL of a file, or a path; `#t=12.5` or `#t=1:05` names a time.

    Raises:
        UserError: it is none.
    """
    parts = urllib.parse.urlsplit(text)
    if parts.scheme in (SCHEME, "file"):
        path = Path(os.fsdecode(urllib.parse.unquote_to_bytes(parts.path)))
        if os.name == "nt":
            path = Path(str(path).lstrip("\\/"))
        fragment = dict(urllib.parse.parse_qsl(parts.fragment))
    else:
        name, _, rest = text.rpartition("#t=")
        path = Path(name or text).absolute()
        fragment = {"t": rest} if name else {}
    if not path.is_absolute() or "\0" in str(path):
        raise UserError(f"{text} is no link to a moment of a video.")
    return Link(path, _seconds(text, fragment.get("t")), fragment.get("id", ""))


def _seconds(text: str, time: str | None) -> float | None:
    if time is None:
        return None
    seconds = 0.0
    try:
        for part in time.split(":"):
            seconds = seconds * 60 + float(part)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise UserError(f"{text} is no link to a moment of a video.")
    return seconds


def find_linked(link: Link, entries: list[VideoEntry]) -> VideoEntry | None:
    """Return the video that a link means, by its content, else by its path."""
    by_content = (entry for entry in entries if entry.fingerprint == link.fingerprint)
    by_path = (entry for entry in entries if link.path in entry.paths)
    return next(by_content, None) or next(by_path, None)
