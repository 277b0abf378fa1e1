"""What a run of indexing loads."""

import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

PROGRAM = """
import sys

from retake_core.cli import __main__ as cli

code = cli.run(["index", "videos", "--data-dir", "data"])
print([name for name in ("torch", "huggingface_hub", "langcodes") if name in sys.modules])
sys.exit(code)
"""


def test_a_run_with_nothing_to_do_loads_nothing_that_takes_long(tmp_path: Path) -> None:
    """Torch takes longer to load than all else that such a run does, and the hub's client a fifth of a second."""
    (tmp_path / "videos").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "[]"
