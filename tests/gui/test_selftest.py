"""The self-test of the packages, on what is installed here; only the encoder is a cheap one."""

from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.settings import change_settings
from retake_core.system.bundled import demo_model
from retake_desktop.startup.selftest import SelfTest
from tests.gui.driving import Opener
from tests.gui.nursery import PLAIN


def test_every_part_works(open_desktop: Opener, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data_dir, videos = DataDir(tmp_path / "data"), tmp_path / "videos"
    data_dir.create()
    videos.mkdir()
    change_settings(data_dir.settings, model=str(demo_model()))
    desktop = open_desktop(data_dir.root, worker=PLAIN)
    test = SelfTest(desktop.window, desktop.database, desktop.engine, desktop.models, videos, data_dir.log)
    well = test.run()
    output = capsys.readouterr()
    assert well, output
    lines = output.out.splitlines()
    assert len(lines) == 9
    assert all(line.startswith("ok ") for line in lines)
