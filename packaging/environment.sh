# Sourced by run.sh and test.sh: makes .venv with what pyproject.toml asks for. Needs `root`, the repository.

# What Qt needs beyond its Python package: to draw offscreen, and on a screen.
qt_packages=(libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfreetype6 libfontconfig1 libdbus-1-3 libpulse0 libxrandr2)
qt_screen_packages=(libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0)

say() { printf '%s\n' "$*" >&2; }

# Install Debian packages that are missing, or tell how to.
need_system_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null || return 0
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local become=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            say "Please run this once, then try again:"
            say "    sudo apt-get install -y ${missing[*]}"
            exit 1
        fi
        become=(sudo -n)
    fi
    say "Installing system packages: ${missing[*]}"
    "${become[@]}" apt-get update -qq >&2 || true
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >&2
}

# Install the project with the extras in $1 into .venv; at once when nothing has changed since the last time.
need_venv() {
    local extras=$1 stamp wanted python=${PYTHON:-python3}
    command -v "$python" >/dev/null || need_system_packages python3 python3-venv
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        say "Python 3.11 or later is needed; name one with PYTHON=/path/to/python3."
        exit 1
    fi
    "$python" -c 'import ensurepip' 2>/dev/null || need_system_packages python3-venv
    [ -x "$root/.venv/bin/python" ] || "$python" -m venv "$root/.venv"
    wanted="$extras $(cat "$root/pyproject.toml" "$root/packaging/constraints.txt" | sha256sum)"
    stamp="$root/.venv/installed"
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    say "Installing into .venv (some gigabytes the first time) ..."
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --constraint "$root/packaging/constraints.txt" --editable "$root[$extras]"
    printf '%s\n' "$wanted" >"$stamp"
}
