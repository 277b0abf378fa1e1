"""Indexing with an encoder that may look at pictures in bfloat16."""

import shutil
from pathlib import Path

import pytest
import torch

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.encoders import open_encoder, precision, precision_verdicts
from retake_core.encoders.local_encoder import LocalEncoder
from retake_core.encoders.precision_verdicts import precision_status
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library import embeddings
from retake_core.library.database import Database
from retake_core.protocol.indexing_events import Indexed
from retake_core.settings import Settings
from tests.support.shelf import only
from tests.support.tiny_encoders import save_tiny_encoder

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.mark.parametrize("fails", [False, True])
def test_a_run_finds_out_and_goes_on(
    database: Database,
    data_dir: DataDir,
    folder: Path,
    clips: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails: bool,
) -> None:
    monkeypatch.setattr(precision_verdicts, "processor", lambda: {"avx512_bf16": True})
    monkeypatch.setattr(precision, "PICTURES", 3)
    monkeypatch.setattr(precision, "FASTER", 1e9)  # whatever this processor takes
    monkeypatch.setattr(precision, "LOSS", 2.0)  # three pictures of one clip tell little
    for name in ("long.mp4", "event.mp4"):
        shutil.copy2(clips / name, folder)
    name = f"siglip:{save_tiny_encoder('siglip', tmp_path / 'model')}"
    encoder = open_encoder(name, "cpu")
    assert isinstance(encoder, LocalEncoder)
    if fails:

        def refuse(*_: object) -> None:
            raise NotImplementedError("bfloat16 is not to be had")

        monkeypatch.setattr(precision, "_copies", refuse)
    run = IndexRun(
        database,
        encoder,
        Settings(encoder=name),
        CancelToken(),
        vectors=data_dir.vectors,
        precision_verdicts=data_dir.precision_verdicts,
    )
    (indexed,) = only(list(index_folders(run, [folder])), Indexed)
    assert (indexed.videos, indexed.failed) == (2, 0)
    assert encoder.picture_dtype == (torch.float32 if fails else torch.bfloat16)
    ((name, lower, why),) = precision_status(data_dir.precision_verdicts)
    assert (name, lower) == (encoder.id, not fails)
    assert ("bfloat16 is not to be had" in why) == fails
    with database.reading() as connection:
        assert embeddings.embedded_by(connection) == {encoder.id: indexed.keyframes}
