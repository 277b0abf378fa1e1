"""The window's worker with an encoder that loads at once; RETAKE_TEST_PAUSE slows every batch down.

With RETAKE_TEST_SCRIPT, questions are answered by a script instead of a model.
"""

import os
import sys
import time

from retake_core import worker
from retake_core.encoders import Encoder


def open_fake(_name: str) -> Encoder:
    from tests.core.fakes import FakeEncoder

    print("libraries print", flush=True)  # it must not land among the answers
    pause = float(os.environ.get("RETAKE_TEST_PAUSE", "0"))
    return FakeEncoder(on_batch=lambda: time.sleep(pause))


if __name__ == "__main__":
    if "RETAKE_TEST_SCRIPT" in os.environ:
        from tests.gui import scripted_asking

        sys.modules["retake_core.asking"] = scripted_asking
    worker.main(opener=open_fake)
