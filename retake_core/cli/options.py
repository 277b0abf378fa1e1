"""Options that several commands share."""

import click

from retake_core.protocol.fields import MAX_FRAMES

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


def written(text: str) -> str:
    """Take what a person writes, and no file is called; for the `type` of an argument or option.

    Raises:
        BadParameter: it has bytes that are not UTF-8, as names of files may.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter(f"{text} is not in UTF-8; write it anew.") from error
    return text
