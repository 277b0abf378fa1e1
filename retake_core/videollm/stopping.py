"""Stopping a model in the middle of a pass: on a CPU, one pass over a chunk can take minutes."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, TypeVar

from retake_core.cancel import CancelToken
from retake_core.videollm.events import Phase, VideoLLMEvent
from retake_core.videollm.families.base import Family

Result = TypeVar("Result")


@contextmanager
def stoppable(family: Family, cancel: CancelToken) -> Iterator[None]:
    """Look at the token before every module's work, and give the model back as it was."""

    def check(*_: Any) -> None:
        cancel.check()

    handles = [module.register_forward_pre_hook(check) for module in family.model.modules()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def stoppable_events(
    events: Generator[VideoLLMEvent, None, Result], family: Family, cancel: CancelToken
) -> Generator[VideoLLMEvent, None, Result]:
    """Pass the events of a model on, and look at the token in the middle of reading, too."""
    with closing(events), ExitStack() as reading:
        reading.enter_context(stoppable(family, cancel))
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                result: Result = end.value
                return result
            if event == Phase("answer"):
                reading.close()  # a token is short, and looking before every module would make it longer
            yield event
