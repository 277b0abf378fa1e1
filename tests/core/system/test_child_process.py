"""Children of a program: what they load."""

import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

PROGRAM = """
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import DeviceTask

with Path("imported").open("a") as file:
    file.write("once ")
if __name__ == "__main__":
    decoder = LastingDecoder()
    print(decoder.run(DeviceTask("nonsense"), CancelToken()))
    decoder.close()
"""


def test_a_decoder_does_not_load_the_program_that_starts_it(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    run = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert b"does not know it" in run.stdout
    assert (tmp_path / "imported").read_text() == "once "
