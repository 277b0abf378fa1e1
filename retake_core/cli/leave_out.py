"""`retake leave-out`."""

import os
from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.cli.options import written
from retake_core.errors import UserError
from retake_core.settings import change_settings


@command
@click.argument("patterns", type=written, nargs=-1, metavar="[PATTERN]...")
@click.option("--take", is_flag=True, help="Take what the patterns left out so far: they hold no more.")
def leave_out(context: Context, patterns: tuple[str, ...], take: bool) -> None:
    """Leave files and folders out of the library by PATTERNs of .gitignore; without one, list those that hold.

    They hold in every folder of the library; one may be the whole path of a place there. A folder can name its own
    in a file .retakeignore. The next `retake index` goes by them; what is known of what they hide is kept.

    \b
    retake leave-out 'drafts/' '*.tmp.mp4' ~/Videos/private
    retake leave-out --take 'drafts/'
    """  # noqa: D301 - click reads it
    from retake_core.cli.show.left_out import print_left_out
    from retake_core.media.ignoring import escaped, is_pattern

    before = context.settings().leave_out
    patterns = tuple(escaped(Path(text)) if _is_path(text) else text for text in patterns)
    if unknown := [pattern for pattern in patterns if take and pattern not in before]:
        raise UserError(f"{unknown[0]} is none of the patterns; `retake leave-out` lists them.")
    if wrong := [pattern for pattern in patterns if not pattern.strip() or not is_pattern(pattern)]:
        raise UserError(f"{wrong[0]!r} is no pattern; write it as in .gitignore, such as drafts/ or *.tmp.mp4.")
    if take:
        after = tuple(pattern for pattern in before if pattern not in patterns)
    else:
        after = tuple(dict.fromkeys((*before, *patterns)))
    if after != before:
        context.data_dir.create()
        change_settings(context.data_dir.settings, leave_out=after or None)
    context.show({"leave_out": after}, print_left_out)


def _is_path(text: str) -> bool:
    return os.path.isabs(text) and os.path.lexists(text)  # noqa: PTH117 - may be too odd for pathlib
