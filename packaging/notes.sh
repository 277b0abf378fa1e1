#!/usr/bin/env bash
# Print what README's "Changes" says of a version: bash packaging/notes.sh 0.1.0
set -euo pipefail
readme="$(dirname "${BASH_SOURCE[0]}")/../README.md"
notes=$(awk -v start="**$1**" '
    /^## / { changes = ($0 == "## Changes") }
    changes && /^\*\*/ { wanted = (index($0, start) == 1) }
    changes && wanted' "$readme")
if [ -z "$notes" ]; then
    printf '%s\n' "README's \"Changes\" says nothing of version $1." >&2
    exit 1
fi
printf '%s\n' "$notes"
