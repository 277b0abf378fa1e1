"""How computers find each other's files, and each other."""

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from retake_core.cluster.address import Address
from retake_core.cluster.paths import PathMap


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (PurePosixPath("/Volumes/nas/2019/a.mp4"), Path("/mnt/nas/2019/a.mp4")),
        (PurePosixPath("/Volumes/nas/old/b.mp4"), Path("/mnt/attic/b.mp4")),
        (PurePosixPath("/Volumes/nasty/c.mp4"), Path("/Volumes/nasty/c.mp4")),
        (PureWindowsPath(r"Z:\films\2019\d.mp4"), Path("/mnt/films/2019/d.mp4")),
        (PureWindowsPath(r"z:\FILMS\e.mp4"), Path("/mnt/films/e.mp4")),
    ],
)
def test_the_longest_pair_tells_what_a_path_is_called_here(there: PurePath, here: Path) -> None:
    pairs = [("/mnt/nas", "/Volumes/nas"), ("/mnt/attic", "/Volumes/nas/old/"), ("/mnt/films", "Z:/films")]
    assert PathMap(pairs).here(there) == here


def test_a_node_reads_the_pairs_that_a_person_wrote(tmp_path: Path) -> None:
    written = PathMap.parse([f"{tmp_path}=/Volumes/nas=2019"])
    read = PathMap.of_node({"RETAKE_CLUSTER_PATHS": written.variable})
    assert read.here(PurePosixPath("/Volumes/nas=2019/a.mp4")) == tmp_path / "a.mp4"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.20", "192.168.1.20:6379"),
        ("192.168.1.20:7000", "192.168.1.20:7000"),
        ("[fd00::1]:7000", "[fd00::1]:7000"),
        ("localhost", "127.0.0.1:6379"),
        ("127.0.1.1:7000", "127.0.0.1:7000"),
    ],
)
def test_addresses_are_read(text: str, address: str) -> None:
    assert str(Address.parse(text)) == address
