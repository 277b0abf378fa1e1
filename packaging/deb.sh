#!/usr/bin/env bash
# Pack the frozen build into dist/retake-desktop_VERSION_ARCHITECTURE.deb: bash packaging/deb.sh [FOLDER]
# FOLDER is dist/retake-desktop, as packaging/build.sh makes it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"

folder=${1:-$root/dist/retake-desktop}
python=${PYTHON:-$root/.venv/bin/python}
version=$("$root/packaging/version.sh")
architecture=$(dpkg --print-architecture)
linux="$root/packaging/linux"
need_system_packages binutils

mkdir -p "$root/build" "$root/dist"
work=$(mktemp -d "$root/build/deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree="$work/tree"
mkdir -p "$tree"/{DEBIAN,usr/bin,usr/lib,usr/share/{applications,metainfo,icons/hicolor,doc/retake-desktop}}
chmod -R 755 "$tree"

cp -al "$folder" "$tree/usr/lib/retake-desktop" 2>/dev/null || cp -a "$folder" "$tree/usr/lib/retake-desktop"
ln -s ../lib/retake-desktop/retake ../lib/retake-desktop/retake-desktop "$tree/usr/bin/"
install -m 644 "$linux/retake-desktop.desktop" "$tree/usr/share/applications/"
install -m 644 "$linux/retake-desktop.metainfo.xml" "$tree/usr/share/metainfo/"
"$python" "$root/packaging/icons.py" "$tree/usr/share/icons/hicolor"
{
    cat "$linux/copyright"
    "$python" "$root/packaging/licences.py" "$folder/_internal"
} >"$tree/usr/share/doc/retake-desktop/copyright"

# What the programs and libraries are linked to and do not bring along, as packages of this distribution.
needs() {
    local wanted brought soname package
    brought=$(find "$tree/usr/lib" -name '*.so*' -printf '%f\n' | sort -u)
    # Qt takes its plugin for GTK only on desktops that have GTK; CUDA's own library comes with the card's driver.
    wanted=$(find "$tree/usr/lib" -type f ! -name libqgtk3.so \( -name '*.so*' -o -perm -u+x \) \
        -exec readelf --dynamic {} + 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u | grep -v '^libcuda\.so')
    while read -r soname; do
        package=$(dpkg-query -S "*/$soname" 2>/dev/null | sed -n "s/:$architecture: .*//p" | head -n 1)
        if [ -z "$package" ]; then
            say "No package that is installed here has $soname, which the app needs."
            exit 1
        fi
        printf '%s\n' "$package"
    done < <(comm -13 <(printf '%s\n' "$brought") <(printf '%s\n' "$wanted"))
}
needed=$(needs)
libc="libc6 (>= $(dpkg-query -W -f='${Version}' libc6 | cut -d- -f1))" # which all was made against
depends=$(printf '%s\n' "$needed" libgl1 libegl1 | sed "s/^libc6\$/$libc/" | sort -u | paste -sd, | sed 's/,/, /g')

cat >"$tree/DEBIAN/control" <<END
Package: retake-desktop
Version: $version
Architecture: $architecture
Section: video
Priority: optional
Maintainer: ReTaKe Desktop contributors <noreply@retake-desktop.invalid>
Installed-Size: $(du -sk "$tree/usr" | cut -f1)
Depends: $depends
Recommends: dbus, xdg-utils, hicolor-icon-theme
Suggests: nvidia-driver
Description: find moments in your own recordings, and ask about them
 ReTaKe indexes folders of phone video, lectures, screen casts, dash-cam and
 family recordings. It keeps the frames that matter, lets you browse a video by
 them, finds moments by describing them, and has a local VideoLLM answer
 questions about a whole recording, with the keyframes that the answer rests on.
 Nothing is uploaded: there is no account and no telemetry.
END
target="$root/dist/retake-desktop_${version}_$architecture.deb"
# zstd: its default level, or xz, would take an hour for the gigabytes of CUDA.
dpkg-deb --root-owner-group -Zzstd -z6 --build "$tree" "$target" >&2
du -h "$target" >&2
