"""Options that several commands share."""

import click

from retake_core.protocol.fields import MAX_FRAMES


class _Words(click.ParamType):
    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse odd bytes, which names of files may have: in the library, all else is UTF-8."""
        try:
            value.encode()
        except UnicodeEncodeError:
            self.fail(f"{value} is not in UTF-8; write it anew.", param, ctx)
        return value


TEXT = _Words()
"""What a person writes, and no file is called."""
LOCAL = "local"
"""In the place of a cluster's address: this computer."""
MODEL = click.option("--model", metavar="DIR_OR_ID", help="The VideoLLM: a folder, or an id in the hub's cache.")
FRAMES = click.option(
    "--frames",
    type=click.IntRange(1, MAX_FRAMES),
    default=MAX_FRAMES,
    show_default=True,
    help="Read at most so many.",
)
WORDS = click.option(
    "--no-words",
    "words",
    flag_value=False,
    default=True,
    help="Do not give the model what is said, what stands on the screen, names and dates.",
)
THOROUGH = click.option(
    "--thorough",
    is_flag=True,
    help="Look again, more closely, at what a first answer about one video points at, and answer from both.",
)
KEEP_RATIO = click.option(
    "--keep-ratio",
    type=click.FloatRange(0, 1, min_open=True),
    help="Keep this fraction of the visual tokens; without it, as many as the budget of 32,000 holds.",
)
