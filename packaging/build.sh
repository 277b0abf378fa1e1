#!/usr/bin/env bash
# Make the packages for Linux: the folder dist/retake-desktop, which runs without Python, and a .deb of it.
# The extras that are installed are packed: bash packaging/build.sh [EXTRAS], such as builtin,ocr
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"

need_system_packages binutils "${qt_packages[@]}" "${qt_screen_packages[@]}"
need_venv "${1:-builtin,faces,mcp,ocr,small-gpu,speech},package"
"$root/.venv/bin/pyinstaller" --noconfirm --log-level WARN \
    --distpath "$root/dist" --workpath "$root/build/pyinstaller" "$root/packaging/retake.spec"
"$root/dist/retake-desktop/retake-desktop" --selftest
du -sh "$root/dist/retake-desktop" >&2
bash "$root/packaging/deb.sh"
bash "$root/packaging/validate.sh"
