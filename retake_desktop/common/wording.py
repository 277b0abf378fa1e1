"""Phrases that several places use."""

import re
from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from retake_core import display
from retake_core.models.catalogue import BUILTIN, encoder_title
from retake_core.protocol.indexing_events import Switch

_MNEMONIC = re.compile(r"\(&\w\)")


def without_mnemonic(text: str) -> str:
    """Return the name of an action or menu without the mark of its key, which in Chinese is a letter behind it."""
    return _MNEMONIC.sub("", text).replace("&", "")


def keyframes(count: int) -> str:
    """Say how many keyframes."""
    return _counted(count, _tr("1 keyframe"), _tr("{count} keyframes"))


def videos(count: int) -> str:
    """Say how many videos."""
    return _counted(count, _tr("1 video"), _tr("{count} videos"))


def pieces(count: int) -> str:
    """Say of how many pieces a recording is."""
    return _tr("{count} pieces").format(count=count)


def moments(count: int) -> str:
    """Say how many moments."""
    return _counted(count, _tr("1 moment"), _tr("{count} moments"))


def problems(count: int) -> str:
    """Say how many problems."""
    return _counted(count, _tr("1 problem"), _tr("{count} problems"))


def pace(speed: float, time_left: float | None = None) -> list[str]:
    """Say how fast work goes, in seconds of video a second, and how long it will take, as far as that is known."""
    parts = []
    if speed >= 0.1:
        parts.append(_tr("{speed}x realtime").format(speed=f"{speed:.2g}" if speed < 10 else f"{speed:.0f}"))
    if time_left is not None:
        parts.append(display.time_left(time_left, _tr))
    return parts


def device(name: str) -> str:
    """Return what people call a kind of graphics device that decodes video, by FFmpeg's name for it."""
    names = {
        "cuda": "NVIDIA (CUDA)",
        "videotoolbox": "Apple (VideoToolbox)",
        "d3d11va": "Direct3D 11",
        "vaapi": _tr("Intel or AMD (VA-API)"),
    }
    return names.get(name, name)


def about(seconds: float) -> str:
    """Say how long something may take."""
    if seconds < 1.5:
        return _tr("about a second")
    if seconds < 90:
        return _tr("about {seconds} s").format(seconds=round(seconds))
    if seconds < 5400:
        return _tr("about {minutes} min").format(minutes=round(seconds / 60))
    hours = seconds / 3600
    return _tr("about {hours} hours").format(
        hours=f"{hours:.1f}".removesuffix(".0") if hours < 10 else round(hours)
    )


def questions(count: int) -> str:
    """Say how many questions."""
    return _counted(count, _tr("1 question"), _tr("{count} questions"))


def encoder(name: str) -> str:
    """Say which encoder the settings name."""
    return _tr("the built-in encoder") if name == BUILTIN else encoder_title(name)


def switch(change: Switch) -> str:
    """Say which encoder search uses while another one is made ready."""
    target, percent = encoder(change.wanted), number(change.percent)
    if not change.using:
        return _tr("{percent} % of the keyframes are ready for {wanted}.").format(percent=percent, wanted=target)
    text = _tr("Search still uses {using}: {percent} % of the keyframes are ready for {wanted}.")
    return text.format(using=encoder(change.using), percent=percent, wanted=target)


def sentences(parts: Iterable[str]) -> str:
    """Join sentences: in Chinese nothing stands between them."""
    return _tr("{first} {second}").format(first="", second="").join(parts)


def size(count: int) -> str:
    """Say how large something is; `count` is in bytes."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def number(count: int) -> str:
    """Write a number as the user's language does."""
    return QLocale().toString(count)


def date(shown: QDate) -> str:
    """Write a date as the user's language does, without the weekday."""
    layout = "yyyy年M月d日" if QLocale().language() == QLocale.Language.Chinese else "d MMM yyyy"
    return QLocale().toString(shown, layout)


def day(moment: datetime) -> str:
    """Write the date of a moment; see `date`."""
    return date(QDate(moment.year, moment.month, moment.day))


def time_of_day(moment: datetime) -> str:
    """Write hours and minutes as the user's language does."""
    return QLocale().toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=QLocale().toString(count))


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)
