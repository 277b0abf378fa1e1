"""What all tests share: no window comes on screen, whichever of them are run."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# pytest-qt hears every message in Python. Where a thread of the player says something while the player is being
# stopped, each waits for the other for ever: stopping holds the interpreter. Only that there is no sound device
# is said in no category; the player looks for one before it begins.
os.environ["QT_LOGGING_RULES"] = "qt.multimedia.*=false"
