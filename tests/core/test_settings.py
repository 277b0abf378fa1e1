"""The settings file: defaults, what may stand in it, and what is said of what may not."""

import os
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from retake_core.errors import UserError
from retake_core.settings import Settings, change_settings, load_settings


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


VALUES = {
    "describe": True,
    "describe_folders": ("/videos/größer",),
    "faces": True,
    "face_model": "opencv-zoo:/models/größer",
    "shortcuts": {"mute": ["Ctrl+Alt+M"], "play": ["Space", "K"], "loop": []},
    "leave_out": ("drafts/", "*.tmp.mp4"),
    "encoder": "siglip:/models/größer",
    "sampling_rate": 4.0,
    "keyframe_spacing": 1.5,
    "keyframe_gap": 10.0,
    "model": "/a/folder",
    "precision": "4bit",
    "memory_quota_gb": 5.5,
    "memory_precision": "4bit",
    "thorough": True,
    "speech": "Systran/faster-whisper-small",
    "speech_language": "de",
    "sentences": "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    "screen_text": False,
    "hardware_decoding": "cuda",
    "processor_share": 50,
    "index_when_idle": True,
    "index_on_mains": True,
    "index_hours": "22:00-06:30",
    "notifications": False,
    "offline": True,
    "cluster_address": "192.168.1.20:6379",
    "hub_endpoint": "https://mirror.example",
    "proxy": "http://localhost:3128",
    "theme": "dark",
    "language": "zh_CN",
    "text_size": 1.2,
}


def test_every_value_survives_being_changed(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert set(VALUES) == set(Settings.__struct_fields__)
    for name, value in VALUES.items():
        assert getattr(change_settings(path, **{name: value}), name) == value
    assert load_settings(path) == Settings(**VALUES)  # type: ignore[arg-type]
    assert tomllib.loads(path.read_text("utf-8")) == VALUES | {
        "leave_out": ["drafts/", "*.tmp.mp4"],
        "describe_folders": ["/videos/größer"],
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_change_keeps_comments_and_order_and_leaves_defaults_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\nkeyframe_gap = 60.0  # slow\n\nencoder = "siglip"\n')
    change_settings(path, keyframe_gap=45.0, sampling_rate=2.0, theme="light")
    assert path.read_text() == '# mine\nkeyframe_gap = 45.0  # slow\n\nencoder = "siglip"\ntheme = "light"\n'
    change_settings(path, keyframe_gap=30.0, model=None)
    assert "keyframe_gap = 30.0  # slow" in path.read_text()


def test_a_change_of_a_table_keeps_its_comments_and_what_stands_before_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = "dark"\n\n[shortcuts]\nmute = ["U"]  # for one hand\nloop = ["T"]\n')
    change_settings(path, shortcuts={"mute": ["U"], "play": ["Space"]})
    assert path.read_text() == 'theme = "dark"\n\n[shortcuts]\nmute = ["U"]  # for one hand\nplay = ["Space"]\n'
    change_settings(path, offline=True)
    assert load_settings(path) == Settings(
        theme="dark", offline=True, shortcuts={"mute": ["U"], "play": ["Space"]}
    )
    assert change_settings(path, shortcuts=None).shortcuts == {}
    assert tomllib.loads(path.read_text()) == {"theme": "dark", "offline": True}


def test_none_takes_a_value_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    change_settings(path, model="a/b", proxy="http://localhost:3128")
    assert change_settings(path, model=None).model is None
    assert tomllib.loads(path.read_text()) == {"proxy": "http://localhost:3128"}


@pytest.mark.parametrize("content", [b"keyframe_spacng = 2", b"encoder = ", b"\xff\xfe"])
def test_a_file_that_cannot_be_used_is_never_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(UserError):
        change_settings(path, theme="dark")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "change", [{"theme": "pink"}, {"proxy": "nowhere"}, {"text_size": 9.0}, {"hub_endpoint": "ftp://a"}]
)
def test_a_value_that_makes_no_sense_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "settings.toml"
    with pytest.raises(UserError):
        change_settings(path, **change)
    assert not path.exists()


def test_a_disk_that_cannot_be_written_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    change_settings(path, theme="dark")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        change_settings(path, theme="light")
    assert load_settings(path).theme == "dark"
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.toml"]


def test_a_name_that_is_no_text_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("faces = true\n")
    with pytest.raises(UserError, match="UTF-8"):
        change_settings(path, leave_out=(os.fsdecode(b"/videos/caf\xe9/"),))
    assert path.read_text() == "faces = true\n"
