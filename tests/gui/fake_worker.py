"""The window's worker with an encoder that loads at once; RETAKE_TEST_PAUSE slows every batch down.

With RETAKE_TEST_PAUSE_WHILE, it does so only while there is a file of that name.
With RETAKE_TEST_SCRIPT, questions are answered by a script instead of a model.
With RETAKE_TEST_CLUSTER, a file of that name tells what a cluster's computers are: see `scripted_cluster`.
"""

import os
import sys
import time
from pathlib import Path
from typing import NoReturn

from retake_core.encoders import Encoder
from retake_core.worker import __main__ as worker


def open_fake(name: str) -> Encoder:
    from retake_core.encoders.registry import full_name
    from tests.support.fakes import FakeEncoder

    print("libraries print", flush=True)  # it must not land among the answers
    pause = float(os.environ.get("RETAKE_TEST_PAUSE", "0"))
    mark = Path(os.environ.get("RETAKE_TEST_PAUSE_WHILE", __file__))
    made = "fake" if name == "builtin" else full_name(name)
    return FakeEncoder(made, on_batch=lambda: time.sleep(pause if mark.exists() else 0.0))


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run a worker on this process's standard input and output, and end the process."""
    if "RETAKE_TEST_SCRIPT" in os.environ:
        from tests.gui import scripted_asking

        sys.modules["retake_core.questions.service"] = scripted_asking
    if "RETAKE_TEST_CLUSTER" in os.environ:
        from tests.gui import scripted_cluster

        scripted_cluster.install(Path(os.environ["RETAKE_TEST_CLUSTER"]))
    worker.main(arguments, opener=open_fake)


if __name__ == "__main__":
    run()
