"""Counts faults: tests tell what they tried, tests.benchmarks.faults adds it up."""

import json
import os
from pathlib import Path

FILE = "RETAKE_FAULTS"


def survived(fault: str, tried: int) -> None:
    """Note faults that were survived: the test has compared, and nothing was lost or doubled.

    Args:
        fault: what was done, the same words each time.
        tried: how often.
    """
    if (path := os.environ.get(FILE)) is not None:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps([fault, tried]) + "\n")
