"""Finding the description that Google Takeout writes beside a recording, by the names that Google gives."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from retake_core.library.dates import of_timestamp

MAX_JSON = 1 << 20  # bytes of a description
_SUFFIX = ".json"
_LABEL = "supplemental-metadata"
_LONGEST = 46  # characters of a description's name without its ending and number: the rest is cut off
_NUMBER = re.compile(r"(.*?)(\(\d+\))?", re.DOTALL)
_EDITED = re.compile("-(edited|bearbeitet|modifié|editado|modificato|bewerkt|edytowane|編集済み)$")
_PICTURES = (".heic", ".jpg", ".jpeg", ".png", ".dng")  # with a film, and one description for both

_Key = tuple[str, str]
"""A name as it is compared, and the number that Google gave to one of several of that name, such as (1)."""


class Descriptions:
    """The descriptions in a folder, by the names of what they describe; each folder is listed once."""

    def __init__(self) -> None:
        self._folders: dict[Path, dict[_Key, str]] = {}

    def taken(self, recording: Path) -> str | None:
        """Return when a recording was taken as the description beside it says, or None."""
        folder = recording.parent
        if folder not in self._folders:
            self._folders[folder] = _by_name(folder)
        known = self._folders[folder]
        named = (known[key] for key in _keys(recording.name) if key in known)
        return next((date for name in named if (date := _read(folder / name)) is not None), None)


def _by_name(folder: Path) -> dict[_Key, str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.lower().endswith(_SUFFIX)]
    except OSError:
        return {}
    found: dict[_Key, str] = {}
    for name in sorted(names, key=lambda name: (len(name), name)):
        for key in _described(_composed(name[: -len(_SUFFIX)]).casefold()):
            found.setdefault(key, name)
    return found


def _described(name: str) -> Iterator[_Key]:
    """Yield what party.mp4, party.mp4(1) or party.mp4.supplemental-me(1) may describe."""
    yield name, ""
    bare, number = _parts(name)
    yield bare, number
    head, dot, label = bare.rpartition(".")
    if dot and _LABEL.startswith(label):
        yield head, number


def _keys(name: str) -> Iterator[_Key]:
    """Yield how the description of a recording may be kept, the likeliest first."""
    stem, dot, suffix = _composed(name).rpartition(".")
    own = [key for one in (stem, _EDITED.sub("", stem)) for key in ((one, ""), _parts(one))]
    for bare, number in dict.fromkeys([*own, *((_EDITED.sub("", bare), number) for bare, number in own)]):
        whole = f"{bare}{dot}{suffix}"
        for described in (whole, whole[:_LONGEST], bare, *(bare + picture for picture in _PICTURES)):
            yield described.casefold(), number


def _parts(name: str) -> _Key:
    match = _NUMBER.fullmatch(name)
    assert match is not None  # it matches anything
    return match[1], match[2] or ""


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > MAX_JSON:
            return None
        document = json.loads(path.read_bytes())
        return of_timestamp(float(document["photoTakenTime"]["timestamp"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
