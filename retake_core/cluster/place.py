"""What this computer needs to belong to a cluster: the token, certificates, and Ray's settings."""

import os
import re
import secrets
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.system.files import write_durably
from retake_core.system.programs import is_frozen

INSTALL = "Working on other computers is not installed; add it with: pip install 'retake-desktop[cluster]'"
ONE_COMPUTER = (
    "This program works on one computer alone; to use others, install ReTaKe with: "
    "pip install 'retake-desktop[cluster]'"
)
TOKEN_BYTES = 32
_LONGEST = 1000  # characters
_TOKEN = re.compile(r"[!-~]{16,}")  # as many as no one guesses
_LOOKS = (
    "RAY_raylet_report_resources_period_milliseconds",
    "RAY_raylet_check_gc_period_milliseconds",
    "RAY_object_manager_timer_freq_ms",
    "RAY_memory_monitor_refresh_ms",
)
_SELDOM = "500"
"""Milliseconds from one of these looks to the next: ten a second take twice as much CPU of every computer."""

PATHS = "RETAKE_CLUSTER_PATHS"
"""Variable of a node's processes: how its computer sees paths of others, as JSON; see `PathMap`."""

DATA = "RETAKE_CLUSTER_DATA"
"""Variable of a node's processes: its data directory, where memories of videos lie."""


def is_installed() -> bool:
    """Return whether Ray is installed; nothing of it is loaded."""
    return find_spec("ray") is not None


def how_to_install() -> str:
    """Return a sentence that says how to get it."""
    return ONE_COMPUTER if is_frozen() else INSTALL


def require_ray() -> None:
    """Do nothing where Ray is installed.

    Raises:
        UserError: it is not.
    """
    if not is_installed():
        raise UserError(how_to_install())


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """Where a computer keeps its token and its certificates."""

    root: Path

    @classmethod
    def of(cls, data_dir: DataDir) -> "ClusterPlace":
        """Return the place of a data directory."""
        return cls(data_dir.cluster)

    @property
    def token(self) -> Path:
        """Holds the word that all computers of a cluster know."""
        return self.root / "token"

    @property
    def certificates(self) -> tuple[Path, Path, Path]:
        """This computer's certificate and key, and the certificate of who signed those of all: PEM."""
        return self.root / "cert.pem", self.root / "key.pem", self.root / "ca.pem"

    @property
    def encrypted(self) -> bool:
        """Whether what travels is encrypted, by TLS: where all certificates are there."""
        return all(path.is_file() for path in self.certificates)

    def make_token(self) -> None:
        """Make a token, for the owner's eyes only, where there is none.

        Raises:
            UserError: it cannot be written.
        """
        if not self.token.is_file():
            self._write_token(secrets.token_hex(TOKEN_BYTES))

    def keep_token(self, word: str) -> None:
        """Keep the token of another computer, for the owner's eyes only, in place of what is there.

        Raises:
            UserError: it is none, or it cannot be written.
        """
        if _TOKEN.fullmatch(word.strip()) is None:
            raise UserError("This is no token: it is one word, in the file that “retake cluster start” names.")
        self._write_token(word.strip())

    def copy_token(self, file: Path) -> None:
        """Keep what a file holds; see `keep_token`."""
        try:
            with file.open("rb") as opened:
                content = opened.read(_LONGEST + 1)
        except OSError as error:
            raise UserError(f"{file} cannot be read ({error.strerror}).") from error
        self.keep_token(content.decode("ascii", "replace"))

    def _write_token(self, word: str) -> None:
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(self.token, word.encode())
        except OSError as error:
            raise UserError(f"The token {self.token} cannot be written ({error.strerror}).") from error

    def environment(self) -> dict[str, str]:
        """Return what Ray's processes are told by variables: to ask for the token, and to report to nobody.

        Raises:
            UserError: there is no token.
        """
        variables = {
            DATA: os.fspath(self.root.parent),
            "RAY_AUTH_MODE": "token",
            "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # what answers shares the card with what indexes
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1",
            "RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL": "minor",
            "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",  # what is under way is taken up elsewhere
            **dict.fromkeys(_LOOKS, _SELDOM),
        }
        if not os.environ.get("RAY_AUTH_TOKEN"):
            if not self.token.is_file():
                raise UserError(
                    f"There is no token here: copy the file that “retake cluster start” named, as {self.token}"
                )
            variables["RAY_AUTH_TOKEN_PATH"] = os.fspath(self.token)
        if self.encrypted:
            certificate, key, authority = map(os.fspath, self.certificates)
            variables |= {
                "RAY_USE_TLS": "1",
                "RAY_TLS_SERVER_CERT": certificate,
                "RAY_TLS_SERVER_KEY": key,
                "RAY_TLS_CA_CERT": authority,
            }
        return variables
