"""`retake transcript`: what is said in a video."""

import click

from retake_core.cli.context import Context, command
from retake_core.display import printable, readable
from retake_core.errors import UserError


@command
@click.argument("video")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["txt", "srt", "vtt"]),
    default="txt",
    show_default=True,
    help="Lines with their times, or a subtitle file.",
)
def transcript(context: Context, video: str, kind: str) -> None:
    """Print what is said in VIDEO (a path, a file name or an id), from its subtitles or by a speech model."""
    from retake_core.export.transcript import to_srt, to_text, to_vtt
    from retake_core.library import catalog
    from retake_core.library.listening import is_silent
    from retake_core.library.transcript import spoken

    with context.library() as database, database.reading() as connection:
        entry = catalog.find_video(connection, video)
        cues, silent = spoken(connection, entry.id), is_silent(connection, entry.id)
    if not cues and not context.as_json:
        name = readable(entry.path.name)
        if silent:
            raise UserError(f"{name} has no sound, and no subtitles.")
        if context.settings().speech is None:
            raise UserError(
                f"What is said in {name} is not known; choose a speech model (see: retake models list), "
                "and run: retake index"
            )
        raise UserError(f"Nothing is said in {name}, or nobody listened to it yet; run: retake index")
    document = {
        "video": readable(entry.path),
        "cues": [
            {"start": cue.start, "end": cue.end, "text": cue.content, "speaker": cue.speaker} for cue in cues
        ],
    }
    write = {"txt": to_text, "srt": to_srt, "vtt": to_vtt}[kind]
    context.show(document, lambda _: click.echo(printable(write(cues), "\n"), nl=False))
