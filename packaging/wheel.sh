#!/usr/bin/env bash
# Build the wheel into dist/, install it where nothing else of the project is, and see that what it holds starts.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"

need_system_packages "${qt_packages[@]}"
need_venv builtin,faces,ocr,speech
version=$("$root/packaging/version.sh")
"$root/.venv/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$root/dist" "$root"

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
# The dependencies are gigabytes: they come from .venv, in which the project itself is only a link to this folder.
"$root/.venv/bin/python" -m venv --without-pip "$empty/venv"
"$root/.venv/bin/python" -m pip --python "$empty/venv/bin/python" install --quiet --disable-pip-version-check --no-deps \
    "$root/dist/retake_desktop-$version-py3-none-any.whl"
"$root/.venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    >"$("$empty/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/dependencies.pth"
cd "$empty" # where Python finds no package beside it
where=$(venv/bin/python -c 'import retake_core; print(retake_core.__file__)')
case "$where" in
"$empty"/*) ;;
*)
    say "The wheel was not installed: retake_core comes from $where."
    exit 1
    ;;
esac
[ "$(venv/bin/retake --version)" = "retake, version $version" ]
venv/bin/retake-desktop --selftest
