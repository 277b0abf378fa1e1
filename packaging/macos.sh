#!/usr/bin/env bash
# UNTESTED: nobody has run this yet. macOS 13 or later on Apple silicon, Python 3.11 or later.
#   bash packaging/macos.sh [EXTRAS]
# Makes the folder dist/retake-desktop with the programs retake and retake-desktop, and an archive of it. There is no decord
# for macOS: PyAV decodes everything. Other people's Macs start the programs only when they are signed and notarised:
#   codesign --deep --force --options runtime --sign "Developer ID Application: NAME" dist/retake-desktop/retake*
#   xcrun notarytool submit ARCHIVE --keychain-profile NAME --wait
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"
cd "$root"

sha256sum() { shasum -a 256 "$@"; } # which macOS has instead
need_venv "${1:-builtin,faces,mcp,ocr,speech},package"
.venv/bin/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller packaging/retake.spec
dist/retake-desktop/retake-desktop --selftest
archive="dist/retake-desktop-$(packaging/version.sh)-macos-$(uname -m).tar.gz"
tar -czf "$archive" -C dist retake-desktop
say "$archive"
