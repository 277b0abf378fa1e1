"""Stopping a model in the middle of a pass: on a CPU, one pass over a chunk can take minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from retake_core.cancel import CancelToken
from retake_core.videollm.families.base import Family


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
