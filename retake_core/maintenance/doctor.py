"""What this computer offers, and what is missing."""

import platform
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from retake_core import __version__
from retake_core.data_dir import DataDir
from retake_core.encoders import encoder_status, meaning_status
from retake_core.encoders.precision_verdicts import precision_status
from retake_core.errors import UserError
from retake_core.maintenance.decoding import hardware_status
from retake_core.maintenance.health import Finding
from retake_core.ocr.models import ocr_status
from retake_core.people.registry import faces_status
from retake_core.settings import Settings, load_settings
from retake_core.system.files import free_bytes
from retake_core.system.graphics_card import has_bfloat16
from retake_core.videollm.supported import videollm_status


def examine(data_dir: DataDir, findings: Sequence[Finding], card_problem: Callable[[], str]) -> dict[str, Any]:
    """Return a report as plain data: versions, devices, decoders, encoders, paths, free disk, and the findings.

    Args:
        data_dir: the library's.
        findings: what is wrong in it.
        card_problem: says why a graphics card that is there is not used, or ""; called only where torch is there.
    """
    return {
        "retake": __version__,
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "torch": _torch(card_problem),
        "decoders": {name: _version(name) for name in ("decord", "av")},
        "hardware_decoding": [
            {"name": name, "available": available, "detail": detail}
            for name, available, detail in hardware_status(data_dir, _settings(data_dir).hardware_decoding)
        ],
        "encoders": [
            {"name": name, "available": available, "detail": detail}
            for name, available, detail in encoder_status(_settings(data_dir).encoder)
        ],
        "precision": [
            {"name": name, "lower": lower, "detail": detail}
            for name, lower, detail in precision_status(data_dir.precision_verdicts)
        ],
        "meaning": [
            {"name": name, "available": available, "detail": detail}
            for name, available, detail in [meaning_status(_settings(data_dir).sentences)]
        ],
        "screen_text": [
            {"name": name, "available": available, "detail": detail} for name, available, detail in [ocr_status()]
        ],
        "faces": [
            {"name": name, "available": available, "detail": detail}
            for name, available, detail in [faces_status(_settings(data_dir).face_model)]
        ],
        "speech": {"faster_whisper": _version("faster-whisper"), "model": _settings(data_dir).speech},
        "videollms": [
            {"name": name, "available": available, "detail": detail}
            for name, available, detail in videollm_status(_settings(data_dir).model)
        ],
        "data_dir": str(data_dir.root),
        "free_disk_gb": round(free_bytes(data_dir.root) / 1e9, 1),
        "findings": findings,
    }


def _settings(data_dir: DataDir) -> Settings:
    try:
        return load_settings(data_dir.settings)
    except UserError:  # the report tells of it elsewhere
        return Settings()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _torch(card_problem: Callable[[], str]) -> dict[str, Any]:
    try:
        import torch
    except ImportError as error:
        return {"version": None, "problem": str(error), "card_problem": ""}
    report: dict[str, Any] = {
        "version": str(torch.__version__),
        "cuda_build": torch.version.cuda,
        "card_problem": card_problem(),
        "devices": [],
    }
    for index in range(torch.cuda.device_count()):
        free, total = torch.cuda.mem_get_info(index)
        report["devices"].append(
            {
                "name": torch.cuda.get_device_name(index),
                "memory_gb": round(total / 1e9, 1),
                "free_gb": round(free / 1e9, 1),
                "bfloat16": has_bfloat16(),
            }
        )
    return report
