"""The user's settings: a TOML file, checked against types and ranges."""

import tomllib
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from retake_core.errors import UserError
from retake_core.system.files import write_durably

Values = TypeVar("Values", bound=MutableMapping[str, Any])
Seconds = Annotated[float, msgspec.Meta(gt=0, le=120)]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}$")]
Percent = Annotated[int, msgspec.Meta(ge=10, le=100)]
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
Hours = Annotated[str, msgspec.Meta(pattern=f"^{_TIME}-{_TIME}$")]
HardwareDecoding = Literal["auto", "off", "cuda", "videotoolbox", "d3d11va", "vaapi"]
Address = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]+")]
ClusterAddress = Annotated[str, msgspec.Meta(pattern=r"^[^\s/@?#]*$")]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the user can set; every field has a default that suits most libraries.

    Attributes:
        encoder: "builtin", "siglip", or a family of `encoders.registry`, ":" and a model id or folder.
        sampling_rate: frames per second that indexing looks at.
        keyframe_spacing: seconds; on average at most one keyframe in as many.
        keyframe_gap: seconds; at least one keyframe in as many.
        model: the VideoLLM that answers questions: a folder, or a model id; None has none.
        precision: in which VideoLLMs are loaded; "auto" is full, or 4 bit where the graphics card is too small.
        memory_quota_gb: gigabytes of disk that memories of videos may take.
        memory_precision: in which new ones lie there; "full" is the model's own.
        speech: the model that writes down speech: a folder, or a model id; None has none.
        sentences: the model that tells what sentences mean: a folder, or a model id; None is MiniLM, for English.
        speech_language: that is spoken in the videos, such as "en"; None finds it out for each.
        thorough: whether every second is decoded, not only where something changes.
        leave_out: patterns of files and folders that are not indexed, such as "drafts/" or "*.tmp.mp4": in the
            syntax of .gitignore, from each folder of the library on; one may begin with the whole path of a place.
        screen_text: whether text on screen is read, where what reads it is installed.
        faces: whether faces are looked for, and grouped into people.
        face_model: that finds them: "dlib"; "opencv-zoo", which was downloaded; or "opencv-zoo:" and a folder.
        describe: whether the VideoLLM describes recordings, after all else is done.
        describe_folders: whose recordings it describes; none is all of them.
        hardware_decoding: on which graphics device videos are decoded, by FFmpeg's name of its kind; "auto" takes
            what is there and decodes rightly, "off" none.
        processor_share: per cent of the processor's cores that indexing may use, at least one core.
        index_when_idle: whether the window's indexing waits until nobody uses the computer.
        index_on_mains: whether it waits while the computer runs on its battery.
        index_hours: of the day in which it runs, such as "22:00-06:30"; None is all of them.
        notifications: whether the desktop tells when something that took long is done.
        offline: whether downloads are refused.
        cluster_address: host, or host and port, of the cluster of computers that indexing uses; "" uses this one
            alone.
        hub_endpoint: address of a mirror of the Hugging Face hub; None is the hub itself.
        proxy: address of the proxy that downloads go through; None follows the system.
        theme: colours of the window.
        language: of the window; "system" follows the desktop.
        text_size: of the window, as a multiple of the desktop's.
        shortcuts: keys of the window's actions that are not the usual ones: an action's name, and a list of keys
            such as "Ctrl+M". The window knows which there are, and tells of an entry that it cannot use.
    """

    encoder: str = "builtin"
    sampling_rate: Annotated[float, msgspec.Meta(gt=0, le=10)] = 2.0
    keyframe_spacing: Seconds = 2.0
    keyframe_gap: Seconds = 30.0
    model: str | None = None
    precision: Literal["auto", "full", "4bit"] = "auto"
    memory_quota_gb: Annotated[float, msgspec.Meta(ge=0, le=1e6)] = 20.0
    memory_precision: Literal["full", "8bit", "4bit"] = "8bit"
    speech: str | None = None
    sentences: str | None = None
    speech_language: Language | None = None
    thorough: bool = False
    leave_out: tuple[str, ...] = ()
    screen_text: bool = True
    faces: bool = False
    face_model: str = "dlib"
    describe: bool = False
    describe_folders: tuple[str, ...] = ()
    hardware_decoding: HardwareDecoding = "auto"
    processor_share: Percent = 100
    index_when_idle: bool = False
    index_on_mains: bool = False
    index_hours: Hours | None = None
    notifications: bool = True
    offline: bool = False
    cluster_address: ClusterAddress = ""
    hub_endpoint: Address | None = None
    proxy: Address | None = None
    theme: Literal["system", "light", "dark"] = "system"
    language: Literal["system", "en", "zh_CN"] = "system"
    text_size: Annotated[float, msgspec.Meta(ge=0.8, le=1.6)] = 1.0
    shortcuts: dict[str, Any] = {}  # msgspec gives every instance its own


def load_settings(path: Path) -> Settings:
    """Read the settings, or the defaults where there is no file.

    Raises:
        UserError: the file is not TOML, or a value has the wrong type or range.
    """
    try:
        return msgspec.convert(_parsed(path, tomllib.loads), Settings)
    except msgspec.ValidationError as error:
        raise _unusable(path, error) from error


def change_settings(path: Path, **changes: Any) -> Settings:
    """Change some values in the settings file; comments and everything else in it stay.

    Args:
        path: the file; made where there is none.
        changes: new values by name; None takes a value out.

    Returns:
        The settings as they are now.

    Raises:
        UserError: the file cannot be used, so it is left alone; a value makes no sense; or it cannot be written.
    """
    import tomlkit  # slow to load, and every command reads the settings but few change them

    before, document = load_settings(path), _parsed(path, tomlkit.parse)
    defaults = msgspec.to_builtins(Settings())
    for name, value in changes.items():
        if getattr(before, name) == value:
            continue
        if value is None or (value == defaults.get(name) and name not in document):
            document.pop(name, None)
        elif isinstance(value, dict) and name in document:
            _change_table(document[name], value)
        else:
            document[name] = value
    try:
        after = msgspec.convert(document.unwrap(), Settings)
        content = tomlkit.dumps(document).encode()
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        reason = error if isinstance(error, msgspec.ValidationError) else "a name in it is not in UTF-8"
        raise UserError(f"This setting cannot be used: {reason}.") from error
    _write(path, content)
    return after


def _parsed(path: Path, parse: Callable[[str], Values]) -> Values:
    """Return what a parser makes of the file; where there is none, of an empty one."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return parse("")
    except (OSError, ValueError) as error:
        raise _unusable(path, error) from error


def _change_table(table: MutableMapping[str, Any], values: dict[str, Any]) -> None:
    """Bring a table to values; comments in it stay, and what is as it was is not touched."""
    for name in set(table) - values.keys():
        del table[name]
    for name, value in values.items():
        if name not in table or table[name] != value:
            table[name] = value


def _unusable(path: Path, error: Exception) -> UserError:
    return UserError(f"The settings file {path} cannot be used: {error}. Mend it or delete it.")


def _write(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all, readable by its owner only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path, content)
    except OSError as error:
        raise UserError(f"The settings file {path} cannot be written ({error.strerror}).") from error
