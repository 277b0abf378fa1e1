"""The weights in a model's folder, each read from its file when it is asked for."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from safetensors import safe_open

from retake_core.hub.cache import cache_dir
from retake_core.hub.model_folder import weight_files


@contextmanager
def reading_weights(folder: Path, *, staying: bool = True, framework: str = "pt") -> Iterator[dict[str, Any]]:
    """Lend the weights of a model by their names: slices, of which `[...]` is the tensor.

    Each is read into memory of its own. Mapped, as is usual, they would stay views of the files, and who wrote
    into one of these would change the model, or end this process by a signal.

    Args:
        folder: of the model.
        staying: whether all are to stay in this computer's memory. On their way to a graphics card they are
            mapped, as the whole model would otherwise have to fit both.
        framework: whose tensors they become: "pt" is PyTorch's, "np" NumPy's, which has no bfloat16.

    Raises:
        UserError: there are none, or some are missing.
        SafetensorError, OSError: a file is damaged or cut short; also when a weight is read.
    """
    # Files of the hub's cache are replaced whole, and processes that map them share them in memory; Windows counts
    # what is mapped as if each had it for itself.
    mapped = sys.platform != "win32" and (not staying or folder.is_relative_to(cache_dir()))
    with ExitStack() as stack:
        files = [
            stack.enter_context(safe_open(path, framework=framework, backend="mmap" if mapped else "pread"))
            for path in weight_files(folder)
        ]
        yield {name: file.get_slice(name) for file in files for name in file.keys()}  # noqa: SIM118 - not a dict
