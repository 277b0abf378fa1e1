"""Lines that two processes send each other: one JSON document each, checked before anything is made of it."""

import json
import re
from typing import Any, NoReturn

import msgspec

VERSION = 1
MAX_LINE = 1 << 24  # bytes; nothing that is said, pictures included, comes near it
_FORBIDDEN = re.compile(r"[\0\ud800-\udc7f\udd00-\udfff]")  # the other surrogates stand for odd bytes in names


class ProtocolError(Exception):
    """A line that is no message of this version. Its text says why."""


def line_id(line: bytes) -> int:
    """Return the id that a line gives itself, or -1."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return -1
    number = document.get("id") if isinstance(document, dict) else None
    return number if type(number) is int else -1


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _check_texts(document: Any) -> None:
    match document:
        case str() if _FORBIDDEN.search(document):
            raise ProtocolError("A text has characters that neither text nor file names have.")
        case dict():
            for value in document.values():
                _check_texts(value)
        case list():
            for value in document:
                _check_texts(value)


def decode(line: bytes, kind: Any) -> Any:
    """Read a message of some kinds.

    Raises:
        ProtocolError: it is none, or of another version.
    """
    if len(line) > MAX_LINE:
        raise ProtocolError(f"The line is longer than {MAX_LINE} bytes.")
    try:
        document = json.loads(line, parse_constant=_refuse_constant)
        _check_texts(document)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("The line is not JSON.") from error
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise ProtocolError(f"Version {version} of the protocol is not {VERSION}, which this program speaks.")
    try:
        return msgspec.convert(document, kind)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:  # the second where a name has odd bytes
        raise ProtocolError(f"The message is not understood: {error}.") from error


def encode(message: msgspec.Struct) -> bytes:
    """Return a message as a line."""
    # Not msgspec's own writer: it refuses the surrogates that stand for odd bytes in file names.
    return json.dumps(msgspec.to_builtins(message), separators=(",", ":")).encode("ascii") + b"\n"
