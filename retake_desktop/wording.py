"""Phrases that several places use."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale


def keyframes(count: int) -> str:
    """Say how many keyframes."""
    return _counted(count, _tr("1 keyframe"), _tr("{count} keyframes"))


def videos(count: int) -> str:
    """Say how many videos."""
    return _counted(count, _tr("1 video"), _tr("{count} videos"))


def problems(count: int) -> str:
    """Say how many problems."""
    return _counted(count, _tr("1 problem"), _tr("{count} problems"))


def questions(count: int) -> str:
    """Say how many questions."""
    return _counted(count, _tr("1 question"), _tr("{count} questions"))


def size(count: int) -> str:
    """Say how large something is; `count` is in bytes."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def number(count: int) -> str:
    """Write a number as the user's language does."""
    return QLocale().toString(count)


def day(moment: datetime) -> str:
    """Write a date as the user's language does, without the weekday."""
    layout = "yyyy年M月d日" if QLocale().language() == QLocale.Language.Chinese else "d MMM yyyy"
    return QLocale().toString(QDate(moment.year, moment.month, moment.day), layout)


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=QLocale().toString(count))


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)
