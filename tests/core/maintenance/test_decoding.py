"""What the doctor says of decoding on graphics cards."""

from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.maintenance.decoding import hardware_status
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.media.process import lasting_decoder
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.system.verdicts import Verdict
from tests.support.in_process import ThreadDecoder
from tests.support.stand_in_device import StandIn, plugged_in


def test_a_card_is_told_with_what_it_decodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting_decoder, "DecodeProcess", ThreadDecoder)
    data_dir = DataDir(tmp_path)
    with plugged_in(StandIn()):
        assert hardware_status(data_dir, "cuda") == [("cuda", True, "tried on the next video of each kind")]
        assert hardware_status(data_dir, "vaapi") == [("vaapi", False, "There is no vaapi.")]
        assert hardware_status(data_dir, "off") == []
        verdicts = Verdicts(data_dir.decoding_verdicts)
        verdicts.keep("cuda", "h264 High yuv420p 1080p", Verdict(True))
        verdicts.keep("cuda", "hevc Main 10 yuv420p10le 2160p", Verdict(False, "The driver crashed or hung."))
        ((_, there, told),) = hardware_status(data_dir, "cuda")
    assert there
    assert told == (
        "decodes h264 High yuv420p 1080p; "
        "left to the processor: hevc Main 10 yuv420p10le 2160p (The driver crashed or hung.)"
    )


def test_a_driver_that_crashes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dead(ThreadDecoder):
        def receive(self) -> object:
            raise DecoderDiedError("The decoder crashed on it.")

    monkeypatch.setattr(lasting_decoder, "DecodeProcess", Dead)
    assert hardware_status(DataDir(tmp_path), "cuda") == [("cuda", False, "Its driver crashes.")]
