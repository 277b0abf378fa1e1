#!/usr/bin/env bash
# Install everything into .venv, index a folder of videos (without one: the demo library), show what came out, and open
# the window. Where there is no screen, the window is used without one, and build/window.png is a picture of it.
#   bash packaging/run.sh [DIR] [more arguments of `retake index`]
# RETAKE_DATA_DIR names the data directory; by default it is the user's, for the demo one of its own.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/packaging/environment.sh"

need_venv builtin,faces,ocr,speech
retake="$root/.venv/bin/retake"

# Open the window on the library of `data`; where there is no screen, use it without one, with the options of
# use_window.py that are given, and take a picture.
open_window() {
    local picture="$root/build/window.png"
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        need_system_packages "${qt_packages[@]}" "${qt_screen_packages[@]}"
        exec "$root/.venv/bin/retake-desktop" "${data[@]}"
    fi
    need_system_packages "${qt_packages[@]}"
    say "There is no screen here: the window is used without one."
    QT_LOGGING_RULES="*=false" "$root/.venv/bin/python" "$root/packaging/use_window.py" "$picture" "${data[@]}" "$@"
    say "On a screen, this opens it: .venv/bin/retake-desktop ${data[*]}"
}

if [ $# -gt 0 ]; then
    data=()
    [ -n "${RETAKE_DATA_DIR:-}" ] && data=(--data-dir "$RETAKE_DATA_DIR")
    "$retake" index "${data[@]}" "$@"
    "$retake" videos "${data[@]}"
    say "Next: retake keyframes VIDEO --sheet sheet.png, retake search \"a dog on the beach\" (in $root/.venv/bin)"
    open_window
    exit 0
fi

demo="$root/build/demo-library"
"$root/.venv/bin/python" "$root/packaging/demo_library.py" "$demo"
data=(--data-dir "${RETAKE_DATA_DIR:-$root/build/demo-data}")
sheet="$root/build/contact-sheet.png"
longest="wannaworktogether.mp4"
[ -e "$demo/$longest" ] || longest="bikes.mp4"
# Beside the real clips, a dozen of a small world that the tiny model in retake_core/ knows.
shapes="$root/build/demo-shapes"
[ -e "$shapes/shapes-12.json" ] || (cd "$root" && .venv/bin/python -m tests.demo_model.recording "$shapes" >&2)
"$retake" index "${data[@]}" "$demo" "$shapes"
"$retake" videos "${data[@]}"
"$retake" keyframes "${data[@]}" "$longest" --top 20 --sheet "$sheet"
for query in "a car in the street" "a wedding cake"; do
    printf '\n%s\n' "Search: $query"
    "$retake" search "${data[@]}" "$query"
done
# A question whose answer stands in the file beside the clip; the model was trained with up to 128 frames.
clip="shapes-01"
{ read -r question; read -r truth; } < <("$root/.venv/bin/python" - "$shapes/$clip.json" <<'END'
import json, sys
from retake_core.display import clock
asked = next(q for q in json.load(open(sys.argv[1], encoding="utf-8"))["questions"] if q["kind"] == "colour")
print(asked["text"])
there = asked["about"]
print(f"it was {asked['answer']}, and there from {clock(there['start'])} to {clock(there['stop'])}")
END
)
printf '\n%s\n' "Question about $clip.mp4: $question"
"$retake" ask "${data[@]}" "$question" --video "$clip.mp4" --frames 128 --model "$root/retake_core/demo-model"
say "In truth, says $clip.json, $truth."
# The window asks the model of the settings: the demo model, unless another one was chosen.
"$root/.venv/bin/python" - "${data[1]}/settings.toml" "$root/retake_core/demo-model" <<'END'
import sys
from pathlib import Path
from retake_core.settings import change_settings, load_settings
settings, model = Path(sys.argv[1]), sys.argv[2]
if load_settings(settings).model is None:
    change_settings(settings, model=model)
END
open_window --query "a car in the street" --video "$clip" --question "$question"
