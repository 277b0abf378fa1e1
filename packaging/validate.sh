#!/usr/bin/env bash
# Check the files that tell a Linux desktop about the app.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"

need_system_packages appstream desktop-file-utils
cd "$root/packaging/linux"
desktop-file-validate retake-desktop.desktop
appstreamcli validate --no-net retake-desktop.metainfo.xml >&2
