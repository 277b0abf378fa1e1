"""Write the clip that `retake-desktop --selftest` plays: `python -m tests.demo_model.selftest_clip`.

In front of a quiet background, a yellow square is there from second 4 to 8, a red circle from second 12 to 16.
"""

from retake_core.system.bundled import bundled
from tests.demo_model.recording import write
from tests.demo_model.world import Clip, Happening

RATE = 2.0  # frames per second that a model samples; the file has five times as many


def happening(colour: str, shape: str, start: int, stop: int, centre: tuple[float, float]) -> Happening:
    first, end = round(start * RATE), round(stop * RATE)
    return Happening(colour, shape, first, end, centre, 0.22, 0.0, (0.01, 0.0), (0.0, 0.0, 0.0))


def main() -> None:
    seen = (happening("yellow", "square", 4, 8, (0.4, 0.4)), happening("red", "circle", 12, 16, (0.6, 0.6)))
    path = write(Clip(40, RATE, seen, seed=3, noise=2.0), bundled("retake_desktop") / "resources" / "selftest.mp4")
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
