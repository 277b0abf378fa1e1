"""The engine: video folders in; keyframes, moments and answers out. Imports no Qt."""

import os

__version__ = "0.1.0"

# Libraries read these when they are imported, and would tell their makers who uses them.
for switch in ("HF_HUB_DISABLE_TELEMETRY", "ORT_DISABLE_TELEMETRY"):
    os.environ.setdefault(switch, "1")
