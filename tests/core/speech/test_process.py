"""What the listening process tells, as it is heard on the other side."""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.speech.process import ListenProcess
from retake_core.speech.stretch import Heard, Loaded, Reached, SoundStretch


def test_the_last_sentence_of_a_window_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = multiprocessing.Pipe()
    monkeypatch.setattr(ListenProcess, "__init__", lambda self, _model: setattr(self, "_connection", ours))
    listener, stretch = ListenProcess(Path()), SoundStretch(np.zeros(16, np.float32), True, None, {})
    with ours, theirs:
        for seconds in (4.0, 9.0, 27.0):
            theirs.send(Reached(seconds))
        told = listener.listen(stretch, CancelToken())
        assert next(told) == Reached(27.0)
        for message in (Loaded(), Reached(33.0), Heard(40.0)):
            theirs.send(message)
        assert list(told) == [Loaded(), Heard(40.0)]
