"""The models that are offered or here: listing them, taking one into use, deleting one."""

import shutil
from pathlib import Path

from retake_core.encoders import builtin_status
from retake_core.encoders.registry import FAMILIES, family_of
from retake_core.errors import UserError
from retake_core.hub.cache import CachedModel, cache_dir, cached_models
from retake_core.hub.model_folder import read_config
from retake_core.hub.pinned import FACES, PINNED, is_here, parts_of
from retake_core.hub.recommended import RECOMMENDED_SIGLIP
from retake_core.hub.remote import offline_reason
from retake_core.models.catalogue import BUILTIN, BY_ID, CATALOGUE, OfferedModel
from retake_core.models.check import check_folder
from retake_core.people.registry import DLIB, OPENCV_ZOO, find_face_model
from retake_core.protocol.model_messages import Listed, ModelEntry, ModelKind, ModelState
from retake_core.settings import Settings, change_settings, load_settings
from retake_core.speech.model import missing
from retake_core.system.files import free_bytes


def list_models(settings: Settings) -> Listed:
    """Return the models that are offered, those of the settings, and others that are here and work."""
    in_use = models_in_use(settings)
    entries = [_offered(model, in_use) for model in CATALOGUE]
    others = [name for name in (*in_use, *cached_models()) if name not in BY_ID and name not in PINNED]
    for name in dict.fromkeys(others):
        entry = _other(name, in_use)
        if entry.chosen or entry.state in (ModelState.READY, ModelState.PARTIAL):
            entries.append(entry)
    return Listed(
        models=tuple(sorted(entries, key=lambda entry: list(ModelKind).index(entry.kind))),
        cache=str(cache_dir()),
        free_bytes=free_bytes(cache_dir()),
        offline=offline_reason(settings),
        speech=missing(),
    )


def models_in_use(settings: Settings) -> list[str]:
    """Return the encoder that the settings name, and what else they choose: as ids or folders."""
    kind, _, name = settings.encoder.partition(":")
    encoder = BUILTIN if kind == BUILTIN else name or RECOMMENDED_SIGLIP
    others = (settings.model, settings.speech, settings.sentences, _faces(settings))
    return [encoder, *(name for name in others if name is not None)]


def choose(settings_file: Path, name: str) -> ModelKind:
    """Make a model the one that is used.

    Args:
        settings_file: is changed.
        name: "builtin", an id in the hub's cache, or a folder.

    Returns:
        What it is used for.

    Raises:
        UserError: it is not here, or cannot be used.
    """
    if name == BUILTIN:
        change_settings(settings_file, encoder=BUILTIN)
        return ModelKind.ENCODER
    folder = Path(name).expanduser()
    if folder.is_dir():
        name = str(folder.absolute())
    else:
        name = FACES if name in PINNED else name
        cached = CachedModel(name).folder
        if cached is None or not is_here(name):
            raise UserError(f"{name} is not on this computer; get it with: retake models download {name}")
        folder = cached
    kind = check_folder(folder)
    if kind is ModelKind.ENCODER:
        family = family_of(read_config(folder)["model_type"], str(folder))
        change_settings(settings_file, encoder=f"{family}:{name}")
    elif kind is ModelKind.SPEECH:
        if reason := missing():
            raise UserError(reason)
        change_settings(settings_file, speech=name)
    elif kind is ModelKind.SENTENCES:
        change_settings(settings_file, sentences=name)
    elif kind is ModelKind.FACES:
        faces = OPENCV_ZOO if name == FACES else f"{OPENCV_ZOO}:{name}"
        find_face_model(faces).check()
        change_settings(settings_file, face_model=faces)
    else:
        change_settings(settings_file, model=name)
    return kind


def stop_using(settings_file: Path, name: str) -> None:
    """Let a model listen, answer, read or know faces no longer; nothing of it is deleted.

    Raises:
        UserError: it does none of these.
    """
    settings = load_settings(settings_file)
    if name == settings.speech:
        change_settings(settings_file, speech=None)
    elif name == settings.model:
        change_settings(settings_file, model=None)
    elif name == settings.sentences:
        change_settings(settings_file, sentences=None)
    elif name == _faces(settings):
        change_settings(settings_file, face_model=DLIB)
    else:
        raise UserError(f"{name} neither listens nor answers, nor knows faces; see: retake models list")


def delete_model(name: str, settings: Settings) -> int:
    """Delete a model from the hub's cache, whole or partly downloaded.

    Returns:
        The bytes that are free again.

    Raises:
        UserError: it is not there, is not ours to delete, or is the encoder that the library is searched with.
    """
    if name == BUILTIN or Path(name).expanduser().is_dir():
        raise UserError(f"{name} was not downloaded by ReTaKe; delete it with the program that brought it.")
    parts = [part for part in map(CachedModel, parts_of(name)) if part.root.is_dir()]
    if not parts:
        raise UserError(f"{name} is not on this computer.")
    if name == models_in_use(settings)[0]:
        raise UserError(f"The library is searched with {name}; choose another encoder before you delete it.")
    size = sum(part.size() for part in parts)
    for part in parts:
        try:
            shutil.rmtree(part.root)
        except OSError as error:
            raise UserError(f"{name} cannot be deleted ({error.strerror}).") from error
        shutil.rmtree(cache_dir() / ".locks" / part.root.name, ignore_errors=True)
    return size


def _faces(settings: Settings) -> str | None:
    """Return the model that knows faces, where it is another one than dlib's."""
    kind, _, folder = settings.face_model.partition(":")
    return (folder or FACES) if kind == OPENCV_ZOO else None


def _offered(model: OfferedModel, in_use: list[str]) -> ModelEntry:
    if model.id == BUILTIN:
        _, available, detail = builtin_status()
        state, here, reason = (
            (ModelState.READY, model.disk_bytes, "") if available else (ModelState.BROKEN, 0, detail)
        )
        total = model.disk_bytes
    else:
        state, here, total, reason = _state(model.id)
    return ModelEntry(
        id=model.id,
        title=model.title,
        kind=model.kind,
        licence=model.licence,
        disk_bytes=total or model.disk_bytes,
        state=state,
        here_bytes=here,
        reason=reason,
        chosen=model.id in in_use,
        recommended=model.recommended,
        removable=model.id != BUILTIN and here > 0,
    )


def _other(name: str, in_use: list[str]) -> ModelEntry:
    """Look at a model that is not offered: a folder, or something else in the cache."""
    folder = Path(name).expanduser()
    is_folder = folder.is_absolute() or folder.is_dir()
    plain = name.lower().replace("-", "_")
    kind = ModelKind.ENCODER if any(family in plain for family in FAMILIES) else ModelKind.VIDEOLLM
    if is_folder:
        try:
            kind, state, reason = check_folder(folder), ModelState.READY, ""
        except UserError as error:
            state, reason = ModelState.BROKEN, str(error)
        here = sum(path.stat().st_size for path in folder.glob("*") if path.is_file())
        total = here
    else:
        state, here, total, reason = _state(name)
        at = CachedModel(name).folder
        if state is ModelState.READY and at is not None:
            kind = check_folder(at)
    return ModelEntry(
        id=name,
        title=folder.name if is_folder else name.rpartition("/")[2],
        kind=kind,
        licence="",
        disk_bytes=total or here,
        state=state,
        here_bytes=here,
        reason=reason,
        chosen=name in in_use,
        removable=not is_folder and here > 0,
    )


def _state(model_id: str) -> tuple[ModelState, int, int, str]:
    """Return a cached model's state, the bytes that are here, those in all (0 if not known), and what is wrong."""
    states, here, totals, reasons = zip(*map(_state_of_part, parts_of(model_id)), strict=True)
    worst = ModelState.BROKEN if ModelState.BROKEN in states else ModelState.PARTIAL
    state = states[0] if len(set(states)) == 1 else worst
    return state, sum(here), sum(totals) if all(totals) else 0, next(filter(None, reasons), "")


def _state_of_part(repository: str) -> tuple[ModelState, int, int, str]:
    cached = CachedModel(repository)
    if files := cached.unfinished():
        here = sum(min(cached.bytes_here(file), file.size) for file in files)
        return ModelState.PARTIAL, here, sum(file.size for file in files), ""
    folder = cached.folder
    size = cached.size()
    if folder is None:
        return ModelState.ABSENT, size, 0, ""
    try:
        check_folder(folder)
    except UserError as error:
        return ModelState.BROKEN, size, 0, str(error)
    return ModelState.READY, size, size, ""
