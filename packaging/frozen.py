"""Both programs of the frozen build start here: `retake`, the command line, and `retake-desktop`, the window.

As Python itself does, they run a module of the app with `-m`; see `retake_core.system.programs`.
"""

import multiprocessing
import os
import runpy
import sys
from pathlib import Path

PROGRAMS = {"retake": "retake_core.cli", "retake-desktop": "retake_desktop.app"}


def main() -> None:
    multiprocessing.freeze_support()
    # This program has its libraries by now; those that it starts, such as a file manager, need the system's.
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if original is not None:
        os.environ["LD_LIBRARY_PATH"] = original
    if sys.argv[1:2] == ["-m"] and len(sys.argv) > 2:
        del sys.argv[1]
        module = sys.argv.pop(1)
    else:
        module = PROGRAMS[Path(sys.executable).stem]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
