"""Every text of the window is translated, and the file that is loaded is made of the one that is edited."""

import subprocess
import sys

from tests.support.paths import ROOT


def test_sources_texts_and_loaded_files_agree() -> None:
    command = [sys.executable, str(ROOT / "packaging" / "translations.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run packaging/translations.py and translate:\n{done.stdout}{done.stderr}"
