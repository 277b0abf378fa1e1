"""Subtitle files find their videos, in work that grows as their number does."""

from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import pytest
from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.indexing.passes.names_and_subtitles import TextPass
from retake_core.library.database import Database
from retake_core.library.schema import text
from retake_core.library.texts import TextKind
from retake_core.media.subtitles import labels
from retake_core.media.subtitles.labels import Owners
from tests.support.scans import Scans
from tests.support.shelf import put

SUBTITLES = b"1\n00:00:01,000 --> 00:00:02,000\n%s\n"


@pytest.fixture
def scan(database: Database, monkeypatch: pytest.MonkeyPatch) -> Scans:
    return Scans(database, monkeypatch)


class Looks:
    """Counts how often paths are taken apart and names compared."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.number = 0
        compare = labels._is_labelled
        for part in ("parent", "stem"):
            patch.setattr(PurePath, part, property(self._counted(getattr(PurePath, part).fget)))
        patch.setattr(labels, "_is_labelled", self._counted(compare))

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: object) -> Any:
            self.number += 1
            return call(*given)

        return counted


@pytest.mark.parametrize("spread", [True, False])
def test_twice_as_many_films_take_twice_as_many_looks(
    scan: Scans, folder: Path, monkeypatch: pytest.MonkeyPatch, spread: bool
) -> None:
    taken = []
    for number in (40, 80):
        place = folder / str(number)
        for i in range(number):
            beside = place / f"{i:03}" if spread else place
            put(beside / f"film {number} {i:03}.mp4")
            put(beside / f"film {number} {i:03}.en.srt", SUBTITLES % b"Hello")
        scan(place)
        texts = TextPass(scan.database, CancelToken())
        texts._files = {video: paths for video, paths in texts._files.items() if paths[0].is_relative_to(place)}
        with monkeypatch.context() as patch:
            looks = Looks(patch)
            texts.read_sidecars()
        taken.append(looks.number)
    assert taken[1] <= 2.2 * taken[0]
    with scan.database.reading() as connection:
        said = connection.execute(select(text.c.video_id).where(text.c.kind == TextKind.SPOKEN)).scalars()
        assert len(set(said)) == 120


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("Film", "Film"),
        ("film.en", "film"),
        ("FILM.en", "film"),
        ("Film.2.en", "Film.2"),
        ("Film 3", None),
        ("Straße.de", "STRASSE"),
        ("", None),
    ],
)
def test_the_longest_name_that_fits_owns_it(name: str, film: str | None) -> None:
    found = Owners(["Film", "film", "Film.2", "STRASSE"]).owner(name)
    assert found == film
