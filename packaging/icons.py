"""Draw the app's icon in the sizes that desktops want: python icons.py DIR, for DIR/16x16/apps and so on."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICON = Path(__file__).resolve().parents[1] / "retake_desktop" / "resources" / "retake-desktop.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    folder = Path(sys.argv[1])
    app = QGuiApplication([])
    renderer = QSvgRenderer(str(ICON))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        path = folder / f"{size}x{size}" / "apps" / "retake-desktop.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(path)):
            raise OSError(f"{path} cannot be written.")
    scalable = folder / "scalable" / "apps" / "retake-desktop.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    scalable.write_bytes(ICON.read_bytes())
    app.quit()


if __name__ == "__main__":
    main()
