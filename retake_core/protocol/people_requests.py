"""What a person says of who is seen."""

from retake_core.protocol.base_request import Request


class NamePerson(Request, frozen=True, kw_only=True, tag=True):
    """Call a person by a name."""

    person_id: int
    name: str


class HidePeople(Request, frozen=True, kw_only=True, tag=True):
    """Leave people out of lists and counts, or no longer."""

    person_ids: tuple[int, ...]
    hidden: bool


class MergePeople(Request, frozen=True, kw_only=True, tag=True):
    """Make others one with a person."""

    person_id: int
    others: tuple[int, ...]


class SplitPerson(Request, frozen=True, kw_only=True, tag=True):
    """Say that somebody is not who is seen at a moment: whose faces there become another person.

    Attributes:
        person: a name or number, as in a query.
        video_id: the video.
        time: seconds within the moment.
    """

    person: str
    video_id: int
    time: float


class ForgetPeople(Request, frozen=True, kw_only=True, tag=True):
    """Delete people with all their faces; None is everybody, and looks for no faces from then on."""

    person_ids: tuple[int, ...] | None


PeopleChange = NamePerson | HidePeople | MergePeople | SplitPerson | ForgetPeople
