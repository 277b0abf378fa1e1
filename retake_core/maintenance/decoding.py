"""Which graphics devices decode video on this computer, for the report of what it offers."""

from contextlib import closing

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import MediaError
from retake_core.media.hardware.sessions import chosen_devices
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import DeviceTask
from retake_core.settings import HardwareDecoding


def hardware_status(data_dir: DataDir, choice: HardwareDecoding) -> list[tuple[str, bool, str]]:
    """Return the name of each device that the settings allow, whether it is there, and what it decodes.

    They are opened in a process of their own: a driver may crash.
    """
    devices = chosen_devices(choice)
    if not devices:
        return []
    problems: dict[str, str] = {}
    with closing(LastingDecoder()) as decoder:
        for device in devices:
            try:
                problems[device] = decoder.run(DeviceTask(device), CancelToken())
            except MediaError:
                problems[device] = "Its driver crashes."
    verdicts = Verdicts(data_dir.decoding_verdicts)
    return [(name, not problems[name], problems[name] or _tried(verdicts, name)) for name in devices]


def _tried(verdicts: Verdicts, device: str) -> str:
    """Tell what is known of a device."""
    known = verdicts.of(device)
    right = sorted(kind for kind, verdict in known.items() if verdict.right)
    wrong = sorted(f"{kind} ({verdict.why})" for kind, verdict in known.items() if not verdict.right)
    parts = [f"decodes {', '.join(right)}"] if right else []
    parts += [f"left to the processor: {', '.join(wrong)}"] if wrong else []
    return "; ".join(parts) or "tried on the next video of each kind"
