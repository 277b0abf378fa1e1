#!/usr/bin/env bash
# Print the version, which retake_core/__init__.py holds and nothing else.
set -euo pipefail
sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../retake_core/__init__.py"
