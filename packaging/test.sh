#!/usr/bin/env bash
# Install the test extras into .venv and run every test. Arguments go to pytest.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"

need_system_packages espeak-ng ffmpeg fonts-dejavu-core fonts-wqy-microhei "${qt_packages[@]}"
need_venv builtin,ocr,speech,test
demo="$root/build/demo-library"
"$root/.venv/bin/python" "$root/packaging/demo_library.py" "$demo"
cd "$root"
RETAKE_DEMO_CLIPS="$demo" OMP_NUM_THREADS=1 .venv/bin/python -m pytest "$@"
