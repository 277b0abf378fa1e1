"""A child process of the window for what it must not do itself: the network, torch, gigabytes of files.

    python -m retake_core.worker.models --data-dir DIR list | measure | download MODEL | use MODEL | delete MODEL

Writes messages as lines to standard output and ends. It stops when its input ends or when it is terminated; what a
download has brought by then stays.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.protocol import model_messages
from retake_core.settings import load_settings
from retake_core.system.log_file import log_to

log = logging.getLogger(__name__)
Send = Callable[[model_messages.ModelMessage], None]
DEFECT = "An unexpected error stopped this; the log has the rest."


def main(arguments: list[str] | None = None) -> NoReturn:
    """Do one thing and end the process."""
    parser = argparse.ArgumentParser(description="Look after models for the ReTaKe window.")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("command", choices=("list", "measure", "download", "use", "delete"))
    parser.add_argument("model", nargs="?", default="")
    options = parser.parse_args(arguments)
    # Libraries print: what they say must not land among the messages.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    data_dir, cancel = DataDir(options.data_dir), CancelToken()
    data_dir.create()
    log_to(data_dir.log, "models")
    signal.signal(signal.SIGTERM, lambda *_: cancel.cancel())
    threading.Thread(target=_cancel_at_end_of_input, args=(cancel,), daemon=True).start()

    def send(message: model_messages.ModelMessage) -> None:
        answers.write(model_messages.encode(message))

    code = 0
    try:
        for message in _answers(options.command, options.model, data_dir, cancel, send):
            send(message)
    except BrokenPipeError:
        code = 1  # the window has gone
    logging.shutdown()
    # The thread at the input may hold a lock that Python's own way out would abort on.
    os._exit(code)


def _cancel_at_end_of_input(cancel: CancelToken) -> None:
    while os.read(0, 4096):
        pass
    cancel.cancel()


def _answers(
    command: str, model: str, data_dir: DataDir, cancel: CancelToken, send: Send
) -> Iterator[model_messages.ModelMessage]:
    try:
        yield from _work(command, model, data_dir, cancel, send)
        yield model_messages.ModelFinished()
    except Cancelled:
        yield model_messages.ModelFinished()
    except UserError as error:
        yield model_messages.ModelFailed(reason=str(error))
    except Exception:
        log.exception("defect in %s", command)
        yield model_messages.ModelFailed(reason=DEFECT)


def _work(
    command: str, model: str, data_dir: DataDir, cancel: CancelToken, send: Send
) -> Iterator[model_messages.ModelMessage]:
    from retake_core.models.download import download_model
    from retake_core.models.shelf import choose, delete_model, list_models

    settings = load_settings(data_dir.settings)
    match command:
        case "list":
            yield list_models(settings)
        case "measure":
            from retake_core.models.fitting import measure  # loads torch, which nothing else should wait for

            yield measure(settings.precision)
        case "download":
            download_model(model, settings, cancel, send)
        case "use":
            choose(data_dir.settings, model)
        case "delete":
            delete_model(model, settings)


if __name__ == "__main__":
    main()
