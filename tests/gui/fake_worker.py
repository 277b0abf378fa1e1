"""The window's worker with an encoder that loads at once; RETAKE_TEST_PAUSE slows every batch down."""

import os
import sys
import time


def main() -> int:
    from retake_core import worker
    from tests.core.fakes import FakeEncoder

    pause = float(os.environ.get("RETAKE_TEST_PAUSE", "0"))
    print("libraries print", flush=True)  # must not land among the answers
    return worker.main(opener=lambda _name: FakeEncoder(on_batch=lambda: time.sleep(pause)))


if __name__ == "__main__":
    sys.exit(main())
