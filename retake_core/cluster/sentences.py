"""What goes wrong between computers, in one sentence."""

import logging
import re

from retake_core.errors import UserError, one_line

log = logging.getLogger(__name__)

_VERSIONS = re.compile(r"Ray: (\S+)\s+Python: (\S+)")
_REFUSED = ("AuthenticationError", "InvalidAuthToken", "Unauthenticated")
_MOST = 2000  # characters for the log


def is_refusal(said: str) -> bool:
    """Return whether Ray says that a cluster does not know a token; it would go on to ask for a while."""
    return any(word in said for word in _REFUSED)


def why_not(address: str, said: str) -> UserError:
    """Return what to tell when Ray says why a computer cannot belong to a cluster.

    Args:
        address: of the cluster.
        said: by Ray, over many lines.
    """
    log.info("the cluster at %s: %s", address, said[-_MOST:])
    versions = _VERSIONS.findall(said)
    if len(versions) >= 2:
        (theirs, their_python), (ours, our_python) = versions[:2]
        return UserError(
            f"The cluster at {address} runs Ray {theirs} on Python {their_python}, this computer Ray {ours} on "
            f"Python {our_python}; install the same versions on both."
        )
    if is_refusal(said):
        return UserError(
            f"The cluster at {address} does not know the token of this computer; copy the file that "
            "“retake cluster start” named."
        )
    lines = [line for line in said.splitlines() if re.match(r"\S*(Error|Exception)\b", line.strip())] or [said]
    reason = one_line(Exception(lines[-1]))
    return UserError(f"The cluster at {address} cannot be used: {reason}.")
