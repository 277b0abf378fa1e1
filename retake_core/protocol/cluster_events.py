"""What is told of the computers of a cluster: plain data."""

import msgspec

from retake_core.protocol.events import Event


class ComputerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A computer of a cluster.

    Attributes:
        name: its own.
        address: its own.
        cores: that it offers.
        cards: graphics cards that it offers.
        card: what they are called; "" where that is not known.
        memory: bytes that it has; None where it has not said.
        version: of ReTaKe there; None where it is not installed.
        paths: pairs of folders, as it calls them and as others do.
        unseen: folders of the library that it does not see.
        works_for: the name of the computer whose videos it looks at; "" while it looks at none.
        trouble: why it cannot be used, in one sentence; None where it can.
    """

    name: str
    address: str
    cores: int
    cards: int
    card: str = ""
    memory: int | None = None
    version: str | None = None
    paths: tuple[tuple[str, str], ...] = ()
    unseen: tuple[str, ...] = ()
    works_for: str = ""
    trouble: str | None = None


class ComputersSeen(Event, frozen=True, tag=True):
    """What the computers of a cluster offer, and do now."""

    computers: tuple[ComputerStatus, ...]
