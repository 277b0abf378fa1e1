"""A small world: uneventful noisy recordings in which coloured shapes appear for a short time, and questions.

A clip is drawn from formulas, so that the same clip can be had at any size: small for training, larger as a
file that a person would watch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retake_core.media.frames import Frame

COLOURS = {
    "red": (215, 40, 40),
    "green": (40, 170, 60),
    "blue": (45, 80, 225),
    "yellow": (235, 215, 50),
    "purple": (150, 50, 180),
    "white": (245, 245, 245),
}
SHAPES = ("circle", "square", "triangle", "cross")
KINDS = ("colour", "shape", "first", "last", "count", "exists", "when")
TOUCHED = 0.02

Image = NDArray[np.uint8]
Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class World:
    """What is drawn, and what is asked about it.

    Attributes:
        kinds: of the questions, each one of KINDS.
        shortest: frames of the shortest happening.
        longest: frames of the longest one, more than the shortest has.
        radius: of the smallest and of the largest shape, in widths of the picture.
        covered: a cell of the picture shows a shape from this part of its area on, in the mean of a step's frames.
        timestamps: whether times are written between the frames; without them none can be asked for.
    """

    kinds: tuple[str, ...] = KINDS
    shortest: int = 3
    longest: int = 10
    radius: tuple[float, float] = (0.18, 0.28)
    covered: float = 0.15
    timestamps: bool = True


FIRST = World()
"""The world of the demo model, which constants are chosen on."""


@dataclass(frozen=True)
class Happening:
    """One coloured shape that is there for a while.

    Attributes:
        colour: a key of COLOURS.
        shape: one of SHAPES.
        start: its first frame.
        stop: the frame after its last.
        centre: (x, y) in the middle of its time, in widths of the picture.
        radius: in widths of the picture.
        angle: in radians.
        speed: (x, y), widths a frame.
        tint: RGB, how far its colour is from the named one.
    """

    colour: str
    shape: str
    start: int
    stop: int
    centre: tuple[float, float]
    radius: float
    angle: float
    speed: tuple[float, float]
    tint: tuple[float, float, float]

    def mask(self, frame: int, size: int) -> Numbers:
        """Return how much of every pixel it covers in a frame, 0..1: [size, size]."""
        passed = frame - (self.start + self.stop - 1) / 2
        axis = (np.arange(size, dtype=np.float32) + 0.5) / size
        x = axis[None, :] - (self.centre[0] + passed * self.speed[0])
        y = axis[:, None] - (self.centre[1] + passed * self.speed[1])
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        distance = _distance(self.shape, x * cos + y * sin, y * cos - x * sin, self.radius)
        cover: Numbers = np.clip(0.5 - distance * size, 0, 1).astype(np.float32)
        return cover


def _distance(shape: str, x: NDArray[Any], y: NDArray[Any], radius: float) -> NDArray[Any]:
    """Return about how far each point lies outside of a shape."""
    far_x, far_y = np.abs(x), np.abs(y)
    if shape == "circle":
        return np.asarray(np.hypot(x, y) - radius)
    if shape == "square":
        return np.asarray(np.maximum(far_x, far_y) - 0.85 * radius)
    if shape == "triangle":
        return np.asarray(np.maximum(far_x * 0.866 + y * 0.5, -y) - 0.55 * radius)
    arm = 0.3 * radius
    upright = np.maximum(far_x - arm, far_y - radius)
    return np.asarray(np.minimum(upright, np.maximum(far_x - radius, far_y - arm)))


@cache
def _grain() -> Numbers:
    """Return noise to cut pieces from: drawing it anew for every frame took half of the time."""
    return np.random.default_rng(0).standard_normal(1 << 20, dtype=np.float32)


@dataclass(frozen=True)
class Question:
    """A question about a clip.

    Attributes:
        kind: one of KINDS.
        text: as a person asks it.
        answer: the right answer; for "when" of no use, because a time may be near enough: see `about`.
        about: the number of the happening that holds the answer, or None when no single one does.
    """

    kind: str
    text: str
    answer: str
    about: int | None


@dataclass(frozen=True)
class Clip:
    """A recording.

    Attributes:
        frames: how many.
        rate: frames per second.
        happenings: in order of time; their colours differ.
        seed: of the background and the noise.
        noise: its standard deviation, of 255.
        fineness: how many frames there are for each one that the clip was made up with; see `finer`.
    """

    frames: int
    rate: float
    happenings: tuple[Happening, ...]
    seed: int
    noise: float
    fineness: int = 1

    def finer(self, times: int) -> "Clip":
        """Return the same clip with so many times as many frames in a second."""
        happenings = tuple(
            replace(
                happening,
                start=happening.start * times,
                stop=happening.stop * times,
                speed=(happening.speed[0] / times, happening.speed[1] / times),
            )
            for happening in self.happenings
        )
        return replace(
            self,
            frames=self.frames * times,
            rate=self.rate * times,
            happenings=happenings,
            fineness=self.fineness * times,
        )

    def pictures(self, size: int) -> Image:
        """Draw the frames: RGB, [frames, size, size, 3]."""
        rng = np.random.default_rng(self.seed)
        pictures = self._background(rng, size)
        for happening in self.happenings:
            colour = np.array(COLOURS[happening.colour], np.float32) + np.array(happening.tint, np.float32)
            for frame in range(happening.start, happening.stop):
                mask = happening.mask(frame, size)[..., None]
                pictures[frame] += mask * (colour - pictures[frame])
        grain = _grain()
        for picture in pictures:
            offset = int(rng.integers(len(grain) - picture.size))
            picture += self.noise * grain[offset : offset + picture.size].reshape(picture.shape)
        return np.clip(pictures, 0, 255, out=pictures).astype(np.uint8)

    def _background(self, rng: np.random.Generator, size: int) -> Numbers:
        """Draw soft waves that drift and flicker a little, as a camera does: [frames, size, size, 3]."""
        axis = (np.arange(size) + 0.5) / size
        time = np.arange(self.frames) / self.fineness
        moving, still = [np.ones(self.frames)], [np.full((size, size, 3), rng.uniform(50, 190))]
        still[0] = still[0] + rng.uniform(-15, 15, 3)
        for _ in range(3):
            wave, drift = rng.uniform(-9, 9, 2), rng.normal(0, 0.12) * time
            phase = (wave[0] * axis[:, None] + wave[1] * axis + rng.uniform(0, 6.3))[..., None]
            height = rng.uniform(0, 14) * rng.uniform(0.6, 1, 3)
            # sin(phase + drift), taken apart so that all frames are one product of matrices.
            moving += [np.cos(drift), np.sin(drift)]
            still += [height * np.sin(phase), height * np.cos(phase)]
        # Last, because it takes as many numbers as there are frames: the waves do not depend on those.
        moving.append(rng.normal(0, 2.5, self.frames))
        still.append(np.ones((size, size, 3)))
        matrix = np.stack(still).reshape(len(still), -1).astype(np.float32)
        return (np.stack(moving, axis=1).astype(np.float32) @ matrix).reshape(self.frames, size, size, 3)

    def read(self, size: int) -> Iterator[Frame]:
        """Yield the frames as a decoder does."""
        for index, picture in enumerate(self.pictures(size)):
            yield Frame(index / self.rate, picture)

    def cells(
        self, frames_per_step: int, side: int, covered: float = FIRST.covered
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Say what every cell of every time step shows.

        Args:
            frames_per_step: frames that make a step.
            side: cells of a row, and of a column.
            covered: see `World`.

        Returns:
            The number of the happening, from 1 on, or 0 for none, or -1 where it is hard to say, int64 [steps,
            side * side]; and how many happenings have begun by then, int64 [steps].
        """
        steps = self.frames // frames_per_step
        shown = np.zeros((steps, side * side), np.int64)
        begun = np.zeros(steps, np.int64)
        fine = 4
        for number, happening in enumerate(self.happenings, start=1):
            begun[happening.start // frames_per_step :] = number
            cover = np.zeros((steps, side * side), np.float32)
            for frame in range(happening.start, happening.stop):
                mask = happening.mask(frame, side * fine).reshape(side, fine, side, fine).mean(axis=(1, 3))
                cover[frame // frames_per_step] += mask.ravel() / frames_per_step
            shown[cover > TOUCHED] = -1
            shown[cover > covered] = number
        return shown, begun

    def span(self, question: Question) -> tuple[int, int] | None:
        """Return the first frame of what a question is about, and the frame after its last."""
        if question.about is None:
            return None
        happening = self.happenings[question.about]
        return happening.start, happening.stop


def draw_clip(
    rng: np.random.Generator,
    frames: int,
    rate: float | None = None,
    longest: int | None = None,
    world: World = FIRST,
) -> Clip:
    """Make up a clip of one to four happenings that do not overlap in time.

    Args:
        rng: decides everything.
        frames: how many.
        rate: frames per second; None draws one.
        longest: frames of a happening, more than the shortest has; None is as the world has it.
        world: what there is.
    """
    number = int(rng.integers(1, 5))
    longest = max(world.shortest + 1, min(longest or world.longest, frames // (number + 1)))
    lengths = rng.integers(world.shortest, longest + 1, number)
    while lengths.sum() + number > frames:
        lengths = np.maximum(max(1, world.shortest - 1), lengths - 1)
    gaps = rng.multinomial(frames - lengths.sum() - number + 1, np.ones(number + 1) / (number + 1))
    colours = rng.permutation(list(COLOURS))[:number]
    happenings, start = [], 0
    for index in range(number):
        start += int(gaps[index]) + (index > 0)
        stop = start + int(lengths[index])
        happenings.append(_draw_happening(rng, str(colours[index]), start, stop, world.radius))
        start = stop
    rate = float(np.exp(rng.uniform(np.log(0.5), np.log(2.0)))) if rate is None else rate
    return Clip(frames, rate, tuple(happenings), int(rng.integers(2**31)), float(rng.uniform(2, 10)))


def _draw_happening(
    rng: np.random.Generator, colour: str, start: int, stop: int, radii: tuple[float, float]
) -> Happening:
    radius = rng.uniform(*radii)
    margin = 0.8 * radius
    x, y = rng.uniform(margin, 1 - margin, 2)
    speed = rng.normal(0, 0.008, 2)
    return Happening(
        colour=colour,
        shape=str(rng.choice(SHAPES)),
        start=start,
        stop=stop,
        centre=(float(x), float(y)),
        radius=float(radius),
        angle=float(rng.uniform(-0.2, 0.2)),
        speed=(float(speed[0]), float(speed[1])),
        tint=tuple(rng.uniform(-18, 18, 3)),
    )


def draw_question(rng: np.random.Generator, clip: Clip, kind: str) -> Question | None:
    """Make up a question of a kind; None when this clip has no clear answer to one."""
    happenings = clip.happenings
    about = int(rng.integers(len(happenings)))
    chosen = happenings[about]
    shapes = [happening.shape for happening in happenings]
    if kind == "colour":
        single = [i for i, shape in enumerate(shapes) if shapes.count(shape) == 1]
        if not single:
            return None
        about = int(rng.choice(single))
        form = rng.choice(["What colour is the {}?", "Which colour was the {}?", "What was the colour of the {}?"])
        return Question(kind, str(form).format(shapes[about]), happenings[about].colour, about)
    if kind == "shape":
        form = rng.choice(["What shape is the {} one?", "Which shape was {}?", "What was the {} shape?"])
        return Question(kind, str(form).format(chosen.colour), chosen.shape, about)
    if kind in ("first", "last"):
        about = 0 if kind == "first" else len(happenings) - 1
        what = str(rng.choice(["colour", "shape"]))
        form = rng.choice(["What {} came {}?", "Which {} appears {}?", "What was the {} that came {}?"])
        return Question(kind, str(form).format(what, kind), str(getattr(happenings[about], what)), about)
    if kind == "count":
        form = rng.choice(["How many shapes appear?", "How many shapes are there?", "How many shapes came?"])
        return Question(kind, str(form), str(len(happenings)), None)
    if kind == "exists":
        return _draw_exists(rng, clip, about)
    thing = f"{chosen.colour} {rng.choice([chosen.shape, 'shape'])!s}"
    form = rng.choice(["When does the {} appear?", "When did the {} appear?", "When was the {} there?"])
    return Question(kind, str(form).format(thing), "", about)


def _draw_exists(rng: np.random.Generator, clip: Clip, about: int) -> Question:
    """Ask for something that is there, or for a colour of the clip in a shape it does not have, or for neither."""
    form = str(rng.choice(["Is there a {} {}?", "Was there a {} {}?", "Does a {} {} appear?"]))
    chosen = clip.happenings[about]
    if rng.random() < 0.5:
        return Question("exists", form.format(chosen.colour, chosen.shape), "yes", about)
    if rng.random() < 0.5:
        other = str(rng.choice([shape for shape in SHAPES if shape != chosen.shape]))
        return Question("exists", form.format(chosen.colour, other), "no", None)
    there = {happening.colour for happening in clip.happenings}
    colour = str(rng.choice([colour for colour in COLOURS if colour not in there]))
    return Question("exists", form.format(colour, chosen.shape), "no", None)
