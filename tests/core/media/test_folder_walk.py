"""Which files a walk through a folder yields, and how it gets on with links."""

import os
from pathlib import Path
from stat import S_ISDIR

import pytest

from retake_core.media.folder_walk import FolderWalk
from retake_core.media.ignoring import escaped
from tests.support.shelf import put


class Walked:
    """What a walk found, passed over and told."""

    def __init__(self, folder: Path, *leave_out: str, others: tuple[Path, ...] = ()) -> None:
        problems: list[OSError] = []
        walk = FolderWalk(folder, problems.append, leave_out=leave_out, others=others)
        self.found = [str(file.path.relative_to(folder)) for file in walk.videos()]
        self.left_out = {str(path.relative_to(folder)) for path in walk.left_out}
        self.problems = {Path(problem.filename).name: problem.strerror for problem in problems}


def test_links_to_folders_are_followed(folder: Path, tmp_path: Path) -> None:
    put(folder / "a.mp4")
    put(tmp_path / "drive" / "year" / "b.mp4")
    (folder / "drive").symlink_to(tmp_path / "drive")
    (folder / "chain").symlink_to(folder / "drive" / "year")
    walked = Walked(folder)
    assert walked.found == ["a.mp4", "chain/b.mp4"], "each folder once, whatever leads to it"
    assert walked.problems == {}


def test_what_is_walked_through_anyway_goes_by_its_own_name(folder: Path, tmp_path: Path) -> None:
    put(folder / "z" / "a.mp4")
    put(tmp_path / "other" / "sub" / "b.mp4")
    (folder / "all").symlink_to(folder)
    (folder / "here").symlink_to("z")
    (folder / "there").symlink_to(tmp_path / "other" / "sub")
    (folder / "z" / "around").symlink_to(folder)
    walked = Walked(folder, others=(tmp_path / "other", tmp_path / "gone"))
    assert walked.found == ["z/a.mp4"]
    assert walked.problems == {}


def test_no_link_leads_round_in_circles_or_out_into_everything(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "secret.mp4")
    put(tmp_path / "out" / "in" / "a.mp4")
    (tmp_path / "out" / "in" / "self").symlink_to(tmp_path / "out" / "in")
    (tmp_path / "out" / "in" / "up").symlink_to(tmp_path / "out")
    (tmp_path / "out" / "in" / "library").symlink_to(folder)
    (folder / "in").symlink_to(tmp_path / "out" / "in")
    (folder / "top").symlink_to(tmp_path)
    (folder / "root").symlink_to("/")
    (folder / "dead").symlink_to(tmp_path / "nothing")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    walked = Walked(folder)
    assert walked.found == ["in/a.mp4"]
    assert walked.problems.keys() == {"top", "root", "up", "dead", "one", "two"}
    assert "around it" in (walked.problems["root"] or "")


def test_a_folder_of_the_library_inside_what_is_linked_is_left_to_itself(folder: Path, tmp_path: Path) -> None:
    for place in ("drive", "drive/own"):
        put(tmp_path / place / "a.mp4")
    (folder / "drive").symlink_to(tmp_path / "drive")
    assert Walked(folder, others=(tmp_path / "drive" / "own",)).found == ["drive/a.mp4"]


def test_links_are_followed_where_a_system_numbers_no_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = os.stat

    def unnumbered(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        status = stat(path, follow_symlinks=follow_symlinks)
        return os.stat_result((status.st_mode, 0, 0, *status[3:])) if S_ISDIR(status.st_mode) else status

    for place in ("real/a.mp4", "real/sub/b.mp4"):
        put(folder / place)
    put(tmp_path / "drive" / "c.mp4")
    (folder / "drive").symlink_to(tmp_path / "drive")
    (folder / "again").symlink_to(folder / "real")
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", unnumbered)
        found = Walked(folder).found
    assert found == ["real/a.mp4", "real/sub/b.mp4", "drive/c.mp4"]


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (("drafts/",), ["a.mp4", "b.tmp.mp4", "trip/c.mp4"]),
        (("*.tmp.mp4", "/trip"), ["a.mp4", "drafts/d.mp4"]),
        (("/drafts",), ["a.mp4", "b.tmp.mp4", "trip/c.mp4", "trip/drafts/e.mp4"]),
        (("{folder}/trip/",), ["a.mp4", "b.tmp.mp4", "drafts/d.mp4"]),
        (
            ("{folder}/trip/*", "!{folder}/trip/drafts"),
            ["a.mp4", "b.tmp.mp4", "drafts/d.mp4", "trip/drafts/e.mp4"],
        ),
        (("/elsewhere/trip/", "!", "# none", ""), None),
        (("*",), []),
    ],
)
def test_patterns_leave_out(folder: Path, patterns: tuple[str, ...], found: list[str] | None) -> None:
    everything = ["a.mp4", "b.tmp.mp4", "drafts/d.mp4", "trip/c.mp4", "trip/drafts/e.mp4"]
    for name in everything:
        put(folder / name)
    whole = tuple(pattern.format(folder=folder) for pattern in patterns)
    assert sorted(Walked(folder, *whole).found) == (everything if found is None else found)


def test_a_folder_with_signs_in_its_name_is_meant_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mine [1]"
    for name in ("trip [a]*/a.mp4", "trip a/b.mp4"):
        put(folder / name)
    assert Walked(folder, escaped(folder / "trip [a]*")).found == ["trip a/b.mp4"]
    assert Walked(folder, f"{folder}/trip a/").found == ["trip [a]*/a.mp4"]


def test_what_is_left_out_is_told(folder: Path) -> None:
    for name in ("a.mp4", ".hidden/b.mp4", "Cache/c.mp4", "drafts/d.mp4", "#recycle/e.mp4"):
        put(folder / name)
    (folder / "Cache" / ".nomedia").touch()
    assert Walked(folder, "drafts/").left_out == {".hidden", "Cache", "drafts", "#recycle"}
