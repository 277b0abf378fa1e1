"""Running this program's own modules as processes of their own, from source and from the frozen build alike."""

import sys
from pathlib import Path


def is_frozen() -> bool:
    """Return whether this is the build that brings its own Python, which nothing can be installed into."""
    return bool(getattr(sys, "frozen", False))


def module_command(module: str) -> tuple[str, ...]:
    """Return the command that runs a module's `main`, without arguments.

    Args:
        module: its full name, such as `retake_core.worker`.
    """
    program = Path(sys.executable)
    if is_frozen():  # the window's own program has no standard streams on Windows
        program = program.with_name("retake").with_suffix(program.suffix)
    return str(program), "-m", module
