"""`retake mcp`: lets other programs look into the library."""

import logging
import secrets
from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.errors import UserError
from retake_core.system.files import absolute
from retake_core.system.log_file import log_to

INSTALL = "Serving other programs is not installed; add it with: pip install 'retake-desktop[mcp]'"


@command
@click.option(
    "--http",
    "port",
    type=click.IntRange(0, 65535),
    is_flag=False,
    flag_value=0,
    metavar="[PORT]",
    help="Serve on 127.0.0.1 in place of standard input and output, for who knows the token.",
)
@click.option(
    "--allow-export",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Let clips be written into this folder, and nowhere else.",
)
def mcp(context: Context, port: int | None, allow_export: Path | None) -> None:
    """Let other programs search the library and ask about it, by the Model Context Protocol (MCP).

    They get tools that only read, and what is hidden stays so. A program may send what it gets to its own
    provider: let only those in that you trust with your recordings.

    \b
    retake mcp                          # for a program that starts it itself
    retake mcp --http 8765              # prints address and token on standard error
    retake mcp --allow-export ~/Clips
    """  # noqa: D301 - click reads it
    try:
        from retake_core.mcp_server import http, stdio
        from retake_core.mcp_server.server import make_server
    except ImportError as error:
        raise UserError(INSTALL) from error
    from retake_core.mcp_server.ending import Ending
    from retake_core.mcp_server.engine import Engine

    folder = None if allow_export is None else _folder(allow_export)
    context.data_dir.create()
    log_to(context.data_dir.log, "mcp")
    logging.getLogger("mcp").setLevel(logging.WARNING)  # it would write down every session
    engine = Engine(context.data_dir.root, folder)
    ending = Ending(engine)
    if port is None:
        streams = stdio.take_streams()
        stdio.serve_streams(make_server(engine), streams, ending)
    else:
        listening, token = http.listen(port), secrets.token_urlsafe(32)
        address = f"http://{http.LOOPBACK}:{listening.getsockname()[1]}{http.PATH}"
        click.echo(f"retake: serving {address}; Authorization: Bearer {token}", err=True)
        http.serve_http(make_server(engine), listening, token, ending)
    ending.end()


def _folder(named: Path) -> Path:
    """Return the folder for clips as it really lies.

    Raises:
        UserError: it is not there.
    """
    folder = absolute(named)
    if not folder.is_dir():
        raise UserError(f"The folder {folder} does not exist; make it, or name another: --allow-export DIR")
    return folder.resolve()
