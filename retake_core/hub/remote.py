"""The hub, or a mirror of it: what a model consists of there, and what went wrong in plain words."""

import fnmatch
import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from huggingface_hub import HfApi, constants
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import disable_progress_bars
from huggingface_hub.utils import logging as hub_logging

from retake_core.errors import UserError
from retake_core.hub.cache import RemoteFile
from retake_core.hub.local_models import MODEL_FILES, SPEECH_FILES, SPEECH_WEIGHTS
from retake_core.hub.pinned import PINNED
from retake_core.settings import Settings


def endpoint_of(settings: Settings) -> str:
    """Return the address that models come from."""
    return (settings.hub_endpoint or constants.ENDPOINT).rstrip("/")


def offline_reason(settings: Settings) -> str:
    """Return why nothing may be downloaded, or ""."""
    if settings.offline:
        return "Downloads are switched off in the settings: offline = true."
    if constants.is_offline_mode():
        return "Downloads are switched off by the environment: HF_HUB_OFFLINE is set."
    return ""


def use_network(settings: Settings) -> None:
    """Prepare this process for downloads: through the proxy of the settings, and quietly.

    Raises:
        UserError: downloads are switched off.
    """
    if reason := offline_reason(settings):
        raise UserError(reason)
    if settings.proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            os.environ[name] = os.environ[name.lower()] = settings.proxy
    disable_progress_bars()
    hub_logging.set_verbosity_error()  # type: ignore[no-untyped-call]


def list_files(model_id: str, settings: Settings) -> tuple[str, list[RemoteFile]]:
    """Return a model's newest commit, and those of its files that are used.

    Raises:
        UserError: it is not there, is not open to the user, or the hub cannot be reached.
    """
    endpoint = endpoint_of(settings)
    with plain_errors(model_id, endpoint):
        info = HfApi(endpoint=endpoint).model_info(model_id, files_metadata=True)
    if (pinned := PINNED.get(model_id)) is not None:
        digests = {file.rfilename: file.lfs.sha256 for file in info.siblings or () if file.lfs is not None}
        if not info.sha or digests.get(pinned.path) != pinned.digest:
            raise UserError(
                f"{endpoint} has another {pinned.path} than the one that works here; use another mirror, or a "
                "newer version of ReTaKe."
            )
        return info.sha, [pinned]
    names = [file.rfilename for file in info.siblings or ()]
    safe = any(name.endswith(".safetensors") for name in names)
    # A pickle would come without a vocabulary; what a file of this name really is, `check_folder` sees.
    speech = not safe and SPEECH_WEIGHTS in names and any(name.startswith("vocabulary.") for name in names)
    patterns = SPEECH_FILES if speech else MODEL_FILES
    files = []
    for file in info.siblings or ():
        digest = file.lfs.sha256 if file.lfs is not None else file.blob_id
        if digest and file.size is not None and any(fnmatch.fnmatch(file.rfilename, name) for name in patterns):
            files.append(RemoteFile(file.rfilename, file.size, digest))
    if not info.sha or not (safe or speech):
        raise UserError(f"{model_id} has no weights as .safetensors, the only format that is safe to load.")
    return info.sha, sorted(files, key=lambda file: file.size)


@contextmanager
def plain_errors(model_id: str, endpoint: str) -> Iterator[None]:
    """Turn what the network and the hub may answer into one sentence for the user.

    Raises:
        UserError: in place of theirs.
    """
    try:
        yield
    except GatedRepoError as error:
        raise UserError(
            f"{model_id} asks you to accept its licence: do so at {endpoint}/{model_id}, then run hf auth login "
            "and try again."
        ) from error
    except (RepositoryNotFoundError, RevisionNotFoundError, HFValidationError) as error:
        raise UserError(f"There is no model {model_id} at {endpoint}, or it is not open to you.") from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403):
            raise UserError(
                f"{endpoint} does not let you have {model_id}: run hf auth login and try again."
            ) from error
        raise UserError(f"{endpoint} answered with error {status}; try again later, or use a mirror.") from error
    except httpx2.ProxyError as error:
        raise UserError("The proxy does not answer; check its address in the settings.") from error
    except (httpx2.HTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        raise UserError(
            f"{endpoint} cannot be reached. Check the connection, or name a mirror or a proxy; "
            "what was downloaded so far is kept."
        ) from error
