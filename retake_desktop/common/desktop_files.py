"""Files and folders that come from the desktop, or are shown there."""

from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from retake_core.media.video_file import VIDEO_SUFFIXES


def dropped_paths(urls: list[QUrl]) -> list[Path]:
    """Return the folders and files that a drop means."""
    return list(dict.fromkeys(Path(url.toLocalFile()) for url in urls if url.isLocalFile()))


def video_patterns() -> str:
    """Return what a file dialog shows: the names of video files in both cases."""
    return " ".join(f"*{suffix} *{suffix.upper()}" for suffix in sorted(VIDEO_SUFFIXES))


def show_in_file_manager(path: Path) -> None:
    """Open the file manager with a file selected where that is possible, else its folder."""
    arguments = [
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1.ShowItems",
        f"array:string:{QUrl.fromLocalFile(str(path)).toString()}",
        "string:",
    ]
    if path.is_dir() or QProcess.execute("dbus-send", arguments) != 0:
        folder = path if path.is_dir() else path.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
