"""`retake cluster`: this computer works for others, or tells what others offer."""

import click
import msgspec

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, with_options
from retake_core.cluster import service
from retake_core.cluster.address import Address
from retake_core.cluster.paths import PathMap
from retake_core.cluster.place import ClusterPlace, require_ray
from retake_core.system.log_file import log_to


@click.group()
def cluster() -> None:
    """Index and ask on other computers: retake index --cluster ADDRESS, retake ask QUESTION --cluster ADDRESS.

    Others look for keyframes in the recordings that they can see, on a network drive or a copy; with the same
    models they also read text on screen, look for faces and listen. The library stays on the computer where you
    index, which does what they cannot.

    Questions are answered on one of them, with a graphics card where there is one; it needs the model, too: run
    "retake models download" there. It reads the recordings that it can see; of others, frames are sent to it.
    What it remembers of them stays there.

    All computers need the same versions of ReTaKe, and know one token: copy the file that "retake cluster start"
    names. Whoever knows it can run programs on them, so let only computers in that are yours. What travels
    is encrypted where cert.pem, key.pem and ca.pem lie beside the token.
    """


_cores = click.option("--cores", type=click.IntRange(1, 1024), help="How many of its cores it offers; else all.")
_paths = click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="HERE=THERE",
    help="A folder that the computer with the library calls THERE is HERE on this one. Can be given again.",
)
_name = click.option("--name", default="", help="By which people know this computer, in place of its own name.")


@cluster.command()
@with_options
@click.option("--at", metavar="ADDRESS", help="Where to listen; 127.0.0.1 is for this computer alone.")
@_cores
@_paths
@_name
def start(context: Context, at: str | None, cores: int | None, paths: tuple[str, ...], name: str) -> None:
    """Begin a cluster with this computer, until Ctrl+C."""
    place, offer = _offer(context, cores, paths, name)

    def tell(address: Address) -> None:
        document = {"address": str(address), "token": place.token, "encrypted": place.encrypted}
        context.show(document, lambda _: _print_started(address, place))

    cancel = CancelToken()
    with cancel_on_signal(cancel):
        service.start(place, at, offer, cancel, tell)


@cluster.command()
@with_options
@click.argument("address")
@_cores
@_paths
@_name
def join(context: Context, address: str, cores: int | None, paths: tuple[str, ...], name: str) -> None:
    """Offer this computer to the cluster at ADDRESS, until Ctrl+C."""
    place, offer = _offer(context, cores, paths, name)

    def tell(joined: Address) -> None:
        document = {"address": str(joined), "encrypted": place.encrypted}
        context.show(document, lambda _: _print_joined(joined, place))

    cancel = CancelToken()
    with cancel_on_signal(cancel):
        service.join(place, address, offer, cancel, tell)


@cluster.command()
@with_options
@click.argument("address")
def status(context: Context, address: str) -> None:
    """Tell what the computers of the cluster at ADDRESS offer."""
    from retake_core.cli.show.cluster import print_nodes

    computers = service.status(_place(context), address)
    context.show([msgspec.structs.asdict(computer) for computer in computers], print_nodes)


def _place(context: Context) -> ClusterPlace:
    require_ray()
    context.data_dir.create()
    log_to(context.data_dir.log, "cluster")
    return ClusterPlace.of(context.data_dir)


def _offer(
    context: Context, cores: int | None, paths: tuple[str, ...], name: str
) -> tuple[ClusterPlace, service.Offer]:
    return _place(context), service.Offer(name, cores, PathMap.parse(paths))


def _print_joined(address: Address, place: ClusterPlace) -> None:
    click.echo(f"This computer works for the cluster at {address}.")
    _print_encryption(place)


def _print_started(address: Address, place: ClusterPlace) -> None:
    click.echo(f"The cluster listens at {address}, and asks for the token in {place.token}")
    click.echo(f"On others, run this, which tells where to copy that file: retake cluster join {address}")
    click.echo(f"To index on them: retake index --cluster {address}")
    click.echo(f"To ask on one of them: retake ask QUESTION --cluster {address}")
    _print_encryption(place)


def _print_encryption(place: ClusterPlace) -> None:
    if not place.encrypted:
        click.echo("What travels is not encrypted: use it in a network that you trust.")
