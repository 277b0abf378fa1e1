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
        patch.setattr(chosen_answerer, "answerer_at", self._at)

    @contextmanager
    def _at(self, data_dir: DataDir, at: str) -> Iterator[Far]:
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
    address = "nowhere"
    for _ in range(2):  # it is tried anew each time
        with pytest.raises(UserError, match="no cluster at nowhere"):
            name()
    assert clusters.joined == []
    address = ""
    assert name() == str(MODEL)
    address = "one:6379"
    assert name() == "far"
    chosen.close()
    assert clusters.joined == []
