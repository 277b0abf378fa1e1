"""python -m tests.benchmarks.faults [--kills N]: tries faults, and counts what was lost.

The long form takes 200 kills over a library's life and 100 of indexing; --kills 24 is what every change must pass.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.support.faults import FILE

TESTS = (
    "tests/core/maintenance/test_life_cycle.py",
    "tests/core/indexing/test_kill.py",
    "tests/core/system/test_files.py",
    "tests/core/library/test_sqlite_errors.py",
    "tests/core/maintenance/test_backup.py",
    "tests/core/maintenance/test_health.py",
)


def main() -> int:
    """Run the tests that count, and print a table."""
    parser = argparse.ArgumentParser(description="Count faults that were tried, and items that were lost.")
    parser.add_argument("--kills", type=int, default=200)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told")
        told.touch()
        environment = os.environ | {
            FILE: os.fspath(told),
            "RETAKE_LIFE_KILLS": str(kills),
            "RETAKE_KILLS": str(kills // 2),
            "RETAKE_FAULTS_LONG": "1",
        }
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *TESTS], env=environment, check=False
        ).returncode
        lines = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    if code:
        return code  # something was not survived, lost or doubled: pytest has said what
    counts: Counter[str] = Counter()
    for fault, tried in lines:
        counts[fault] += tried
    counts += Counter()  # without what no random kill has hit
    print("\n| fault | tried | survived | items lost or doubled |\n|---|---|---|---|")
    for fault, tried in counts.items():
        print(f"| {fault} | {tried:,} | {tried:,} | 0 |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
