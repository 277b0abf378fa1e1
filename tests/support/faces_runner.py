"""Looks for faces in children that a test may kill: imports once, and forks for every run.

Reads JSON lines, each the library's path and how many SQL statements come before it kills itself, or null; writes
the exit status of the child. The faces are those of `tests.support.fake_faces`.
"""

from pathlib import Path
from typing import Any

from tests.support.forking import fork_for_every_line


def main() -> None:
    """Fork a child for every line of standard input."""
    import retake_core.indexing.run  # noqa: F401 - so that the children need not

    fork_for_every_line(_look)


def _look(library: str, statements: int | None) -> None:
    from contextlib import closing

    import pytest

    from retake_core.cancel import CancelToken
    from retake_core.indexing.passes import stretch_pass
    from retake_core.indexing.passes.faces import FacesPass
    from retake_core.library.database import Database
    from tests.support.fake_faces import use_fake_faces
    from tests.support.in_process import decode_in_threads
    from tests.support.kill_runner import kill_after

    patch: Any = pytest.MonkeyPatch()
    decode_in_threads(patch)
    model = use_fake_faces(patch)
    stretch_pass.STRETCH = 2
    with closing(Database(Path(library))) as database:
        if statements is not None:
            kill_after(database, statements)
        for _ in FacesPass(database, model, CancelToken()).run():
            pass


if __name__ == "__main__":
    main()
