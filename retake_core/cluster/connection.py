"""Being part of a cluster for a while, as the computer that orders and computes nothing."""

import logging
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from retake_core.cluster.address import Address
from retake_core.cluster.node import Node
from retake_core.cluster.place import ClusterPlace
from retake_core.cluster.sentences import is_refusal, why_not
from retake_core.errors import UserError
from retake_core.system.signals import keeping_handlers

_belonging: set[Address] = set()  # of this process: Ray knows one at a time
_WELCOME = "welcome"
_ASK = f"""
import sys
import traceback
from ray._raylet import GcsClient
GcsClient(address=sys.argv[1])
print("{_WELCOME}", flush=True)
"""


@contextmanager
def connected(place: ClusterPlace, address: Address) -> Iterator[None]:
    """Belong to a cluster during the block; Ray can be used in it. Blocks inside it belong to the same one.

    Raises:
        UserError: there is none, it does not know our token, lets everybody in, or has other versions.
    """
    if address in _belonging:
        address.check_answers()
        yield
        return
    variables = place.environment()
    check_cluster(address, variables)
    ip, name = address.own_side(), f"library on {socket.gethostname()}"
    with Node(str(address), variables, ip=ip, name=name) as node:
        os.environ.update(variables)
        import ray

        from retake_core.cluster.ray_settings import read_variables_again, say_nothing, stay_on_loopback

        read_variables_again()
        stay_on_loopback()
        say_nothing()
        try:
            with keeping_handlers():  # Ray takes signals for itself
                ray.init(
                    address=str(address),
                    _node_ip_address=ip,
                    _temp_dir=str(node.folder.path),
                    configure_logging=False,
                    logging_level=logging.ERROR,
                    log_to_driver=False,
                )
        except Exception as error:
            raise why_not(str(address), "".join(traceback.format_exception(error))) from error
        _belonging.add(address)
        try:
            yield
        finally:
            _belonging.remove(address)
            ray.shutdown()


def check_cluster(address: Address, variables: Mapping[str, str]) -> None:
    """Do nothing if there is a cluster that lets only those in who know its token; on this computer, any.

    Raises:
        UserError: there is none, it lets everybody in, or only one side encrypts what travels.
    """
    address.check_answers()
    here, there = "RAY_USE_TLS" in variables, address.speaks_tls()
    if there and not here:
        raise UserError(
            f"The cluster at {address} encrypts what travels; put this computer’s cert.pem, key.pem and ca.pem "
            "beside its token."
        )
    if here and not there:
        raise UserError(
            f"The cluster at {address} does not encrypt what travels; start it with cert.pem, key.pem and ca.pem "
            "beside its token, or take those of this computer away."
        )
    if not address.is_loopback and _welcomes_strangers(address, variables):
        raise UserError(
            f"The cluster at {address} asks nobody for a token, so that anyone may look into your files; start it "
            "with: retake cluster start"
        )


def _welcomes_strangers(address: Address, variables: Mapping[str, str]) -> bool:
    """Return whether a cluster lets one in who knows no token."""
    without = {name: value for name, value in (os.environ | variables).items() if not name.startswith("RAY_AUTH")}
    with subprocess.Popen(
        [sys.executable, "-P", "-c", _ASK, str(address)],
        env=without | {"RAY_AUTH_MODE": "disabled"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as stranger:
        assert stranger.stdout is not None
        for line in stranger.stdout:
            if line.startswith(_WELCOME) or is_refusal(line):
                stranger.kill()
                return line.startswith(_WELCOME)
    return False
