"""The `retake` command. Exits 0 on success, 2 on a user's error, 130 on Ctrl+C, 1 on a defect of its own."""

import logging
import sys

import click

from retake_core import __version__
from retake_core.cli.ask import ask
from retake_core.cli.backup import backup, restore
from retake_core.cli.chapters import chapters
from retake_core.cli.cluster import cluster
from retake_core.cli.date import date
from retake_core.cli.doctor import doctor
from retake_core.cli.export import export_group
from retake_core.cli.index import index
from retake_core.cli.keyframes import keyframes
from retake_core.cli.leave_out import leave_out
from retake_core.cli.mark import mark
from retake_core.cli.mcp_command import mcp
from retake_core.cli.memories import memories
from retake_core.cli.models import models
from retake_core.cli.note import note
from retake_core.cli.people import people
from retake_core.cli.plan import plan
from retake_core.cli.remove import remove
from retake_core.cli.rename import rename
from retake_core.cli.search import search
from retake_core.cli.searches import searches
from retake_core.cli.sound import sound
from retake_core.cli.tag import tag
from retake_core.cli.transcript import transcript
from retake_core.cli.videos import videos
from retake_core.display import printable
from retake_core.errors import Cancelled, UserError

log = logging.getLogger(__name__)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="retake")
def commands() -> None:
    """Find moments in folders of videos, and ask about them. Everything stays on this computer."""


for _command in (
    index,
    leave_out,
    videos,
    keyframes,
    date,
    tag,
    mark,
    note,
    rename,
    search,
    searches,
    transcript,
    chapters,
    sound,
    people,
    ask,
    plan,
    memories,
    export_group,
    models,
    remove,
    backup,
    restore,
    doctor,
    mcp,
    cluster,
):
    commands.add_command(_command)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        commands.main(arguments or ["--help"], prog_name="retake", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"retake: {printable(error.format_message())}", err=True)
        return 2
    except UserError as error:
        click.echo(f"retake: {printable(str(error))}", err=True)
        return 2
    except (Cancelled, KeyboardInterrupt, click.Abort):
        click.echo("retake: stopped; run the same command to go on.", err=True)
        return 130
    except Exception as error:
        log.exception("defect")
        click.echo(f"retake: an unexpected error: {error!r}. Please report it; the log has the rest.", err=True)
        return 1
    return 0


if __name__ == "__main__":
    main()
