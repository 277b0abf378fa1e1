"""The product's main job from the command line, in one process: index, list, search, look, plan, ask.

python -m tests.hostile.main_job DATA FOLDER VIDEO
"""

import sys
from pathlib import Path

from retake_core.cli import __main__ as cli
from retake_core.system.bundled import demo_model

MODEL = demo_model()
QUERY, QUESTION = "a zanzibar lighthouse", "Who hides the quagmire teapot?"


def main() -> int:
    """Return 0 when every command does."""
    data, folder, video = sys.argv[1:]
    commands = (
        ["index", folder],
        ["videos"],
        ["search", QUERY],
        ["keyframes", video, "--sheet", str(Path(folder).parent / "sheet.png")],
        ["plan", "--video", video, "--model", str(MODEL)],
        ["ask", QUESTION, "--video", video, "--model", str(MODEL), "--max-tokens", "8"],
        ["ask", QUESTION, "--video", video, "--model", str(MODEL), "--max-tokens", "8"],
    )
    codes = [cli.run([command, "--data-dir", data, *rest]) for command, *rest in commands]
    print(codes, file=sys.stderr)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
