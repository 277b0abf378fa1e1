"""The settings file: defaults, what may stand in it, and what is said of what may not."""

from pathlib import Path

import pytest

from retake_core.config import Settings, load_settings
from retake_core.errors import UserError


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == Settings()


def test_values_are_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('encoder = "siglip:/models/größer"\nsampling_rate = 4\nkeyframe_gap = 60\n', encoding="utf-8")
    expected = Settings(encoder="siglip:/models/größer", sampling_rate=4.0, keyframe_gap=60.0)
    assert load_settings(path) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"sampling_rate = 0",
        b"sampling_rate = -1.0",
        b"sampling_rate = 1000",
        b"sampling_rate = nan",
        b"sampling_rate = inf",
        b'sampling_rate = "fast"',
        b"keyframe_gap = 0",
        b"keyframe_spacing = -2",
        b"keyframe_spacng = 2",
        b"encoder = 3",
        b"encoder = ",
        b"\xff\xfe",
    ],
)
def test_what_cannot_be_used_is_one_sentence_with_the_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        load_settings(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        load_settings(tmp_path)
