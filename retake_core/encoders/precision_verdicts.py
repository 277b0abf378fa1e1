"""What is known of encoders in lower precision on this computer's processor. Imports no torch."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from retake_core.system.verdicts import StoredVerdicts

BFLOAT16 = "bfloat16"
NATIVE = ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16")
"""Features of processors that compute in bfloat16, of x86 and of ARM, as PyTorch calls them."""


class PrecisionVerdicts(StoredVerdicts):
    """Remembers which encoders may look at pictures in a lower precision, by one processor and one PyTorch."""

    about = "in which precision encoders look at pictures"

    def with_versions(self, name: str) -> str:
        """Return a precision with the processor and the version that decide what it does."""
        features = [feature for feature in NATIVE if processor().get(feature)]
        model = processor().get("cpu_name") or processor().get("architecture", "")
        return f"{name} on {model} ({', '.join(features)}), PyTorch {version('torch')}"


def processor() -> Mapping[str, object]:
    """Return what PyTorch tells of this processor; nothing where it is too old to tell."""
    import torch

    capabilities = getattr(torch.cpu, "get_capabilities", dict)
    found: Mapping[str, object] = capabilities()
    return found


def computes_in_bfloat16() -> bool:
    """Return whether this processor has instructions for it."""
    return any(processor().get(feature) for feature in NATIVE)


def precision_status(path: Path) -> list[tuple[str, bool, str]]:
    """Return which encoders were tried on this processor: their ids, whether in bfloat16, and why.

    Args:
        path: of the file that remembers it.
    """
    try:
        known = PrecisionVerdicts(path).of(BFLOAT16)
    except ImportError:  # PyTorch is missing, which is told elsewhere
        return []
    return [(encoder, verdict.right, verdict.why) for encoder, verdict in known.items()]
