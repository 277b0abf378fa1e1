"""What a job tells while it runs: the root of all events."""

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="event", tag=True):
    """Something that a job tells while it runs."""
