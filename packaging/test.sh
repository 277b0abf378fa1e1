#!/usr/bin/env bash
# Install the test extras into .venv and run every test, in several processes. Arguments go to pytest.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"

need_system_packages espeak-ng ffmpeg fonts-dejavu-core fonts-wqy-microhei "${qt_packages[@]}"
need_venv builtin,cluster,faces,mcp,ocr,open-clip,speech,test
demo="$root/build/demo-library"
"$root/.venv/bin/python" "$root/packaging/demo_library.py" "$demo"
cd "$root"
# Many tests wait for processes of their own, so one more runs than there are cores; each may take 3 GB.
processes=$(.venv/bin/python -c 'import os, psutil
print(max(1, min(os.cpu_count() + 1, psutil.virtual_memory().available // (3 << 30))))')
RETAKE_DEMO_CLIPS="$demo" OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n "$processes" --dist worksteal "$@"
