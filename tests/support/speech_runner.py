"""Listens to the videos of a library in short stretches, and tells when one is stored, until a test kills it."""

import sys
from pathlib import Path


def main() -> None:
    """Take the library's path and the model's folder."""
    from retake_core.cancel import CancelToken
    from retake_core.indexing.passes import hearing, speech
    from retake_core.library.database import Database
    from retake_core.protocol.indexing_events import PassProgress
    from retake_core.settings import Settings

    hearing.STRETCH = float(sys.argv[3])
    database = Database(Path(sys.argv[1]))
    for event in speech.SpeechPass(database, Settings(speech=sys.argv[2]), CancelToken()).run():
        if isinstance(event, PassProgress):
            print(event.fraction, flush=True)


if __name__ == "__main__":
    main()
