"""Sentence models out of folders: they compute what transformers' own classes do, and say what is wrong."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from retake_core.encoders import packaged, sentences
from retake_core.encoders.sentences import MINILM, chosen_sentences, sentence_model
from retake_core.errors import UserError
from tests.support.sentence_models import save_sentence_model

TEXTS = ["we can not afford a new roof", "geld", "", "dog " * 100, "wir haben kein geld, the dog!", "钱"]


@pytest.fixture(scope="module", params=["bert", "xlm-roberta"])
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_sentence_model(tmp_path_factory.mktemp("saved") / request.param, request.param)


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / saved.name))


def test_vectors_are_those_of_transformers(folder: Path) -> None:
    auto: Any = AutoModel
    model = auto.from_pretrained(folder)
    found = sentence_model(str(folder))
    assert (found.dimension, found.english) == (32, False)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    longest = model.config.max_position_embeddings - (2 if folder.name == "xlm-roberta" else 0)
    tokenizer.enable_truncation(longest)
    together = found.load().embed_all(TEXTS)
    for at, text in enumerate(TEXTS):
        ids = torch.tensor([tokenizer.encode(text).ids])
        with torch.inference_mode():
            mean = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0].mean(0)
        expected = torch.nn.functional.normalize(mean, dim=0).numpy()
        np.testing.assert_allclose(together[at], expected, atol=1e-5)
        np.testing.assert_allclose(found.vector(text), expected, atol=1e-5)


def test_files_that_change_do_not_change_what_is_loaded(folder: Path) -> None:
    model = sentence_model(str(folder))
    before = model.load().embed_all(TEXTS)
    with next(folder.glob("*.safetensors")).open("r+b") as file:
        file.truncate(0)
    np.testing.assert_array_equal(model.load().embed_all(TEXTS), before)


def changed(folder: Path, path: str, **values: Any) -> None:
    file = folder / path
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


FAULTS: list[tuple[Callable[[Path], Any], str]] = [
    (lambda folder: changed(folder, "config.json", model_type="gpt2"), "does not embed sentences"),
    (lambda folder: (folder / "1_Pooling" / "config.json").unlink(), "does not embed sentences"),
    (lambda folder: changed(folder, "1_Pooling/config.json", pooling_mode_mean_tokens=False), "by their mean"),
    (lambda folder: changed(folder, "config.json", hidden_act="relu"), "another activation"),
    (lambda folder: changed(folder, "config.json", hidden_size=None), "is damaged"),
    (lambda folder: (folder / "tokenizer.json").unlink(), "has no tokenizer"),
    (lambda folder: (folder / "model.safetensors").unlink(), "needs weights as .safetensors"),
]


@pytest.mark.parametrize(("harm", "says"), FAULTS)
def test_what_cannot_be_used_says_why(folder: Path, harm: Callable[[Path], Any], says: str) -> None:
    harm(folder)
    with pytest.raises(UserError, match=says):
        sentence_model(str(folder))
    assert chosen_sentences(str(folder)) == MINILM


@pytest.mark.parametrize("harm", [{"hidden_size": 64}, {"num_hidden_layers": 3}])
def test_other_sizes_than_the_files_hold_are_refused_when_it_is_loaded(folder: Path, harm: dict[str, int]) -> None:
    changed(folder, "config.json", **harm)
    with pytest.raises(UserError, match="cannot be loaded"):
        sentence_model(str(folder)).load()


def test_minilm_is_what_there_is_without_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen_sentences(None) == MINILM
    assert chosen_sentences("nobody/nothing") == MINILM
    assert MINILM.dimension == sentences.MINILM.load().dimension
    monkeypatch.setattr(packaged.PackagedFile, "find", lambda _file: None)
    assert chosen_sentences(None) is None
