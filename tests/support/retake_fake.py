"""The `retake` command with an encoder that loads at once; RETAKE_TEST_PAUSE slows every batch down,
RETAKE_TEST_NOISE lets loading it print."""

import os
import subprocess
import time
from unittest.mock import patch


def main() -> None:
    from retake_core.cli import __main__ as cli
    from retake_core.cli import context
    from retake_core.mcp_server import engine
    from tests.support.fakes import FakeEncoder

    pause = float(os.environ.get("RETAKE_TEST_PAUSE", "0"))

    def opener(_name: str) -> FakeEncoder:
        if os.environ.get("RETAKE_TEST_NOISE"):
            print("noise", flush=True)  # as a library does, in Python, in C, or by a child that also reads
            os.write(1, b"noise\n")
            subprocess.run(["sh", "-c", "echo noise; cat"], check=True)
        return FakeEncoder(on_batch=lambda: time.sleep(pause))

    with patch.object(context, "open_encoder", opener), patch.object(engine, "open_encoder", opener):
        cli.main()


if __name__ == "__main__":
    main()
