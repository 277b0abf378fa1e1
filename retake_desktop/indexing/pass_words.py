"""What the window says of the passes, and of what describing takes."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from retake_core.display import clock
from retake_core.protocol.indexing_events import DescribingPlanned, PassName
from retake_desktop.common import safe_text, wording


def _tr(text: str) -> str:
    return QCoreApplication.translate("pass_words", text)


def title(name: PassName) -> str:
    """Say what a pass does."""
    titles = {
        PassName.QUICK: _tr("First look"),
        PassName.ATTRIBUTES: _tr("Measuring colours and shapes"),
        PassName.MEANING: _tr("Preparing search by meaning"),
        PassName.SCREEN: _tr("Reading text on screen"),
        PassName.FACES: _tr("Looking for faces"),
        PassName.SPEECH: _tr("Listening"),
        PassName.DESCRIBE: _tr("Describing"),
    }
    return titles.get(name, _tr("Looking closer"))


def held(awaits_follow_up: bool) -> str:
    """Say why indexing waits: a question is answered, or might follow one while videos are to be described."""
    if awaits_follow_up:
        return _tr("Describing waits a minute, in case you ask more")
    return _tr("Indexing waits while a question is answered")


def planned(event: DescribingPlanned) -> tuple[str, str]:
    """Say what is to be described, and what it takes."""
    head = _tr("Videos to describe with {model}: {count}").format(
        model=safe_text.line(Path(event.model).name), count=wording.number(event.videos)
    )
    size = _tr("Their memories take {size} of disk, as far as the limit for memories leaves room.")
    parts = [size.format(size=wording.size(event.size))]
    if event.seconds is not None:
        parts.insert(0, _tr("That takes about {time}.").format(time=clock(event.seconds)))
    return head, " ".join(parts)
