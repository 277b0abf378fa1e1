"""What all tests share: no window comes on screen, whichever of them are run."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# pytest-qt hears every message in Python. Where a thread of the player says something while the player is being
# stopped, each waits for the other for ever: stopping holds the interpreter.
os.environ["QT_LOGGING_RULES"] = "qt.multimedia.*=false"
