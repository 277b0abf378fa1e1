"""python -m tests.benchmarks.faults [--kills N]: tries faults, and counts what was lost.

The long form takes 200 kills over a library's life, 100 of indexing and 100 of looking for faces; --kills 24 is
what every change must pass.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.support.faults import FILE
from tests.support.report import Report, Row, make_parser

TESTS = (
    "tests/core/maintenance/test_life_cycle.py",
    "tests/core/indexing/test_kill.py",
    "tests/core/indexing/test_faces_pass.py",
    "tests/core/system/test_files.py",
    "tests/core/library/test_sqlite_errors.py",
    "tests/core/maintenance/test_backup.py",
    "tests/core/maintenance/test_health.py",
)


def main() -> int:
    """Run the tests that count, and print a table."""
    parser = make_parser("Count faults that were tried, and items that were lost.")
    parser.add_argument("--kills", type=int, default=200, help="over a library's life; half as many of each pass")
    kills = parser.parse_args().kills
    report = Report("tests.benchmarks.faults")
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "record")
        record.touch()
        environment = os.environ | {
            FILE: os.fspath(record),
            "RETAKE_LIFE_KILLS": str(kills),
            "RETAKE_KILLS": str(kills // 2),
            "RETAKE_FACES_KILLS": str(kills // 2),
            "RETAKE_FAULTS_LONG": "1",
        }
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *TESTS], env=environment, check=False
        ).returncode
        lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    if code:
        return code  # something was not survived, lost or doubled: pytest has said what
    counts: Counter[str] = Counter()
    for fault, tried in lines:
        counts[fault] += tried
    counts += Counter()  # without what no random kill has hit
    rows: list[Row] = [
        {"fault": fault, "tried": f"{tried:,}", "survived": f"{tried:,}", "items lost or doubled": "0"}
        for fault, tried in counts.items()
    ]
    report.publish(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
