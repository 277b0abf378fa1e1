"""What all tests share: no window comes on screen, whichever of them are run."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
