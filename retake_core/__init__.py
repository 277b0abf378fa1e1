"""The engine: video folders in; keyframes, moments and answers out. Imports no Qt."""

import os

__version__ = "0.1.0"

# Libraries read these when they are imported, and would tell their makers who uses them.
for switch in ("HF_HUB_DISABLE_TELEMETRY", "ORT_DISABLE_TELEMETRY"):
    os.environ.setdefault(switch, "1")

# NumPy's products are small here. Shared among cores, most of them cost fifty times the work: each core
# spins until all are done, and for some hundredths of a second after that.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
