#!/usr/bin/env bash
# Make a release from its tag: bash packaging/release.sh v0.1.0
# The version stands in retake_core/__init__.py, what has changed in README's "Changes"; the tag must say the same. Leaves
# the wheel, the .deb, their checksums and the notes in dist/.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"
cd "$root"

version=$(packaging/version.sh)
tag=${1:-$(git describe --tags --exact-match 2>/dev/null || true)}
if [ "$tag" != "v$version" ]; then
    say "The version is $version, so the tag must be v$version, not '$tag'."
    exit 1
fi
if [ -n "$(git status --porcelain)" ] || [ "$(git rev-parse HEAD)" != "$(git rev-parse "$tag^{commit}")" ]; then
    say "Check out $tag first, without changes of your own."
    exit 1
fi
mkdir -p dist
packaging/notes.sh "$version" >"dist/notes-$version.md"
if grep -q '(not released)' "dist/notes-$version.md"; then
    say "README's \"Changes\" still says that $version is not released."
    exit 1
fi
bash packaging/wheel.sh
bash packaging/build.sh
(cd dist && sha256sum "retake_desktop-$version"-*.whl "retake-desktop_${version}"_*.deb >"SHA256SUMS-$version")
say "In dist/: the wheel, the .deb, SHA256SUMS-$version and notes-$version.md."
