"""What all that is asked of the engine has in common."""

import msgspec

from retake_core.protocol.fields import Id
from retake_core.protocol.lines import VERSION


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="request", tag=True):
    """What the window asks for. The answers carry the same id."""

    id: Id
    version: int = VERSION
