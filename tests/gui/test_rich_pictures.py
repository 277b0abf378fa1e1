"""The player shows high dynamic range as every other reader of pictures does."""

from pathlib import Path

import pytest

from tests.contract.clips import ffmpeg
from tests.contract.looks import BARS, HDR, TAGS, TRANSFERS, distance
from tests.gui.pictures import pixels
from tests.gui.stage import SLOW, Stage

H264 = "-c:v libx264 -preset ultrafast"


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_bars_of_high_dynamic_range(stage: Stage, tmp_path: Path, transfer: str) -> None:
    """Of 8 bit, which Qt paints without a graphics card as well, and pale."""
    rich = HDR.partition(" -c:v")[0].replace("yuv420p10le", "yuv420p").format(TRANSFERS[transfer])
    ffmpeg(f"{BARS} {H264} {TAGS.format('bt709', 'bt709', 'bt709')}", tmp_path / f"{transfer}-standard.mp4")
    ffmpeg(
        f"{BARS}{rich} {H264} {TAGS.format('bt2020', TRANSFERS[transfer], 'bt2020nc')}",
        tmp_path / f"{transfer}.mp4",
    )
    seen = []
    for name in (f"{transfer}-standard.mp4", f"{transfer}.mp4"):
        with stage.qtbot.waitSignal(stage.playback.preparation.ready, timeout=SLOW):
            stage.playback.open(stage.add(tmp_path / name, "h264"))
        stage.qtbot.waitUntil(
            lambda: stage.playback.player.is_open and stage.playback.player.arrived, timeout=SLOW
        )
        stage.shown.clear()
        stage.playback.show_time(1.0)
        stage.qtbot.waitUntil(lambda: bool(stage.shown) and stage.playback.player.arrived, timeout=SLOW)
        seen.append(pixels(stage.shown[-1]))
    assert distance(seen[1], seen[0]) <= 36
