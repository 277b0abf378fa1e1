"""Files and folders that come from the desktop, or are shown there."""

from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def dropped_folders(urls: list[QUrl]) -> list[Path]:
    """Return the folders that a drop means."""
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return list(dict.fromkeys(path if path.is_dir() else path.parent for path in paths))


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
