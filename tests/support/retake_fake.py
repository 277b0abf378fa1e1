"""The `retake` command with an encoder that loads at once; RETAKE_TEST_PAUSE slows every batch down."""

import os
import time
from unittest.mock import patch


def main() -> None:
    from retake_core.cli import __main__ as cli
    from retake_core.cli import context
    from tests.support.fakes import FakeEncoder

    pause = float(os.environ.get("RETAKE_TEST_PAUSE", "0"))
    with patch.object(context, "open_encoder", lambda _name: FakeEncoder(on_batch=lambda: time.sleep(pause))):
        cli.main()


if __name__ == "__main__":
    main()
