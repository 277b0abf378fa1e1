"""The engine: video folders in; keyframes, moments and answers out. Imports no Qt."""

import os

__version__ = "0.1.0"

# The hub's library reads it when it is imported, and would tell its makers who uses it.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
