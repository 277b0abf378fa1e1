"""Videos with text on screen at known times."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.fakes import COLOURS, age

LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
CJK = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
SIZE = "480x270"


@dataclass(frozen=True)
class Caption:
    """Words on screen from `start` to `end` seconds, at `y` pixels from the top."""

    words: str
    start: float
    end: float
    y: int = 190
    font: Path = LATIN
    size: int = 24


def screen_clip(
    path: Path, captions: Sequence[Caption], looks: Sequence[str], seconds: int = 4, size: str = SIZE
) -> Path:
    """Make a clip of plain colours, each for so many seconds, with captions over them."""
    inputs = [f"color=0x{bytes(COLOURS[look]).hex()}:{size}:r=5:d={seconds}[c{i}]" for i, look in enumerate(looks)]
    joined = "".join(f"[c{i}]" for i in range(len(looks))) + f"concat=n={len(looks)}:v=1:a=0"
    for number, caption in enumerate(captions):
        text = path.with_suffix(f".{number}.caption")
        text.write_text(caption.words, encoding="utf-8")
        joined += (
            f",drawtext=fontfile={caption.font}:textfile={text}:expansion=none:fontsize={caption.size}:fontcolor=white:"
            f"borderw=3:x=40:y={caption.y}:enable='between(t,{caption.start},{caption.end - 0.1})'"
        )
    graph = ";".join([*inputs, joined + "[out]"])
    command = ["ffmpeg", "-v", "error", "-y", "-filter_complex", graph, "-map", "[out]", "-threads", "1"]
    subprocess.run([*command, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path], check=True)
    for number in range(len(captions)):
        path.with_suffix(f".{number}.caption").unlink()
    age(path)
    return path
