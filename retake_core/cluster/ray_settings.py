"""What Ray has no option for."""

import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)


def stay_on_loopback() -> None:
    """Let Ray take 127.0.0.1 as it is written, and listen there alone; to be called before it starts or connects.

    Ray would put the computer's address on the network in its place, and listen to all the world.
    """
    from ray._private import services

    assert callable(services.resolve_ip_for_localhost)
    services.resolve_ip_for_localhost = lambda host: host


def read_variables_again() -> None:
    """Let Ray know what its variables say now; it reads them when it is loaded."""
    from ray._raylet import AuthenticationTokenLoader, Config

    Config.initialize("")
    AuthenticationTokenLoader.instance().reset_cache()


def say_nothing() -> None:
    """Let Ray write down what it would print among the command's own output."""
    from ray._private import worker

    def note(message: Mapping[str, Any], **_: object) -> None:
        log.info("%s", "\n".join(message["lines"]))

    assert callable(worker.print_to_stdstream)
    worker.print_to_stdstream = note
