"""A node decides for itself whether its encoder looks at pictures in bfloat16."""

import os
from pathlib import Path

import pytest
import torch

from retake_core.cluster.looker import Looker
from retake_core.cluster.place import DATA
from retake_core.data_dir import DataDir
from retake_core.encoders import precision_verdicts
from retake_core.encoders.precision_verdicts import BFLOAT16, PrecisionVerdicts
from retake_core.system.verdicts import Verdict
from tests.support.tiny_encoders import save_tiny_encoder


def test_by_what_is_known_of_its_own_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision_verdicts, "processor", lambda: {"avx512_bf16": True})
    data_dir = DataDir(tmp_path / "node")
    monkeypatch.setenv(DATA, os.fspath(data_dir.root))
    name = f"siglip:{save_tiny_encoder('siglip', tmp_path / 'model')}"
    looker = Looker()
    encoder_id = looker.load(name, cores=1)
    assert looker._encoder.picture_dtype == torch.float32  # type: ignore[attr-defined]
    PrecisionVerdicts(data_dir.precision_verdicts).keep(BFLOAT16, encoder_id, Verdict(True))
    again = Looker()
    assert again.load(name, cores=1) == encoder_id, "vectors stay comparable"
    assert again._encoder.picture_dtype == torch.bfloat16  # type: ignore[attr-defined]
