"""Where questions are answered follows the setting from one to the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.cluster import chosen_answerer
from retake_core.cluster.chosen_answerer import ChosenAnswerer
from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.questions.answerer import LocalAnswerer, ModelChoice, ModelFacts
from tests.support.clock import Clock
from tests.support.shapes import MODEL

DEMO = ModelChoice(None, str(MODEL))


class Far(LocalAnswerer):
    """Stands in for a cluster's computer."""

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:  # noqa: ARG002
        return ModelFacts("far", ""), ""


class Clusters:
    """Knows which clusters the process belongs to."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.joined: list[str] = []
        self.tried: list[str] = []
        patch.setattr(chosen_answerer, "answerer_at", self._at)

    @contextmanager
    def _at(self, data_dir: DataDir, at: str) -> Iterator[Far]:
        self.tried.append(at)
        if at == "nowhere":
            raise UserError("There is no cluster at nowhere.")
        self.joined.append(at)
        yield Far(data_dir)
        self.joined.remove(at)


def test_the_setting_says_before_each_question_where_it_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters, address = Clusters(monkeypatch), ""
    chosen = ChosenAnswerer(DataDir(tmp_path), lambda: address)

    def name() -> str:
        facts, _ = chosen.open(DEMO, CancelToken())
        assert facts is not None
        return facts.name

    assert name() == str(MODEL)
    address = "one:6379"
    assert [name(), name()] == ["far", "far"]
    assert clusters.joined == ["one:6379"]
    address = "two:6379"
    assert name() == "far"
    assert clusters.joined == ["two:6379"]
    address = ""
    assert name() == str(MODEL)
    address = "one:6379"
    assert name() == "far"
    chosen.close()
    assert clusters.joined == []


def test_where_the_cluster_cannot_answer_this_computer_does_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters, address = Clusters(monkeypatch), "nowhere"
    now = Clock()
    monkeypatch.setattr(chosen_answerer, "time", now)
    chosen = ChosenAnswerer(DataDir(tmp_path), lambda: address)
    for _ in range(3):
        facts, _ = chosen.open(DEMO, CancelToken())
        assert facts is not None
        assert facts.name == str(MODEL)
        assert facts.note == "This computer answers: There is no cluster at nowhere."
    assert clusters.tried == ["nowhere"], "to try takes seconds, and a question is planned with every letter"
    assert chosen.open(ModelChoice(None, None), CancelToken()) == (None, "There is no cluster at nowhere.")
    now.seconds += 61
    chosen.open(DEMO, CancelToken())
    assert clusters.tried == ["nowhere"] * 2
    address = "one:6379"
    facts, _ = chosen.open(DEMO, CancelToken())
    assert facts == ModelFacts("far", "")
