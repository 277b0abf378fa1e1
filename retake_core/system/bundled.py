"""Files that come with the app's code: in a clone, an installed wheel and the frozen build alike."""

from importlib import resources
from pathlib import Path


def bundled(package: str) -> Path:
    """Return the folder in which a package's files lie.

    Args:
        package: its full name, such as `retake_core.library`.
    """
    folder = resources.files(package)
    assert isinstance(folder, Path), "the app does not run from an archive"
    return folder


def demo_model() -> Path:
    """Return the folder of the tiny VideoLLM that knows only clips of coloured shapes."""
    return bundled("retake_core") / "demo-model"
