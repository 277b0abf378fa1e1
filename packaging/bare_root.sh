#!/usr/bin/env bash
# Prove that the .deb works where nothing is installed: a bare Debian in a folder, as root.
#   bash packaging/bare_root.sh DEB CLIP [FOLDER]
# Installs the .deb with what it depends on, tries every part, indexes the clip, searches, and asks the demo model about
# it. With DISPLAY it also opens the window there. FOLDER (default /tmp/bare-root) takes some gigabytes; delete it after.
set -euo pipefail
deb=$(realpath "$1") clip=$(realpath "$2") bare=${3:-/tmp/bare-root}
mirror=${MIRROR:-http://deb.debian.org/debian}
suite=${SUITE:-bookworm}
model=/usr/lib/retake-desktop/_internal/retake_core/demo-model

exec 3>&1
timed() { # LABEL COMMAND...
    local label=$1 began=$SECONDS
    shift
    "$@"
    printf '== %s: %s s, %s in all\n' "$label" $((SECONDS - began)) "$(du -shx "$bare" | cut -f1)" >&3
}
inside() { chroot "$bare" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
as_user() { inside setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/user "$@"; }

[ -d "$bare/usr" ] || timed "bare $suite" debootstrap --variant=minbase "$suite" "$bare" "$mirror" >"$bare.log" 2>&1 ||
    { tail "$bare.log" >&2; exit 1; }
mount -t proc proc "$bare/proc"
mount -t tmpfs tmpfs "$bare/dev/shm"
trap 'umount "$bare/proc" "$bare/dev/shm"' EXIT
for settings in /etc/apt/apt.conf.d/*proxy*; do
    [ -e "$settings" ] && cp "$settings" "$bare/etc/apt/apt.conf.d/"
done
inside useradd --create-home --uid 1000 user
install -D -o 1000 -g 1000 -m 644 "$clip" "$bare/home/user/videos/$(basename "$clip")"
cp "$deb" "$bare/tmp/retake-desktop.deb"

inside apt-get update -qq
timed "installation" inside env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends /tmp/retake-desktop.deb >>"$bare.log" 2>&1
rm "$bare/tmp/retake-desktop.deb"
timed "first start" as_user retake --version
timed "self-test" as_user retake-desktop --selftest 2>>"$bare.log"
timed "indexing" as_user retake index /home/user/videos
timed "search" as_user retake search "a circle"
timed "question" as_user retake ask "Which colour was the circle?" --video "$(basename "$clip")" --model "$model"
if [ -n "${DISPLAY:-}" ]; then
    timed "self-test in a window" as_user env DISPLAY="$DISPLAY" QT_QPA_PLATFORM=xcb retake-desktop --selftest 2>>"$bare.log"
fi
