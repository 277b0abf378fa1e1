"""python -m tests.benchmarks.gui_start DATA_DIR: starts the window; prints when it and its grid were painted."""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop

from retake_core.data_dir import DataDir
from retake_desktop.app import Desktop, make_application
from retake_desktop.startup.garbage_collection import Collector


def main() -> None:
    app = make_application()
    Collector(app)
    window = Desktop(app, DataDir(Path(sys.argv[1]))).window
    window.show()
    app.processEvents()
    painted = time.monotonic()
    if not window.library.model.rowCount():
        loop = QEventLoop()
        window.library.refreshed.connect(loop.quit)
        loop.exec()
    window.library.grid.viewport().repaint()
    print(painted, time.monotonic(), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
