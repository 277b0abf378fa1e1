"""`retake index`."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, command
from retake_core.cli.options import LOCAL
from retake_core.cluster.place import ClusterPlace
from retake_core.cluster.service import describer_of, lanes_at
from retake_core.errors import UserError
from retake_core.indexing.passes.speeds import speeds_of_cluster
from retake_core.media.video_file import FoundFile
from retake_core.settings import Settings
from retake_core.system.writer_lock import only_writer

if TYPE_CHECKING:
    from retake_core.indexing.run import IndexRun


@command
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--thorough", is_flag=True, help="Decode every second, not only where something changes.")
@click.option(
    "--screen-text/--no-screen-text", default=None, help="Read text on screen or not, whatever the settings say."
)
@click.option("--faces/--no-faces", default=None, help="Look for faces or not, whatever the settings say.")
@click.option(
    "--describe/--no-describe",
    default=None,
    help="At last, have the model for questions describe the recordings or not, whatever the settings say.",
)
@click.option("--retry", is_flag=True, help="Also try videos again that failed before, or could not be described.")
@click.option(
    "--cluster",
    "cluster_address",
    metavar="ADDRESS|local",
    help="Where videos are looked at, read, listened to and described: on the computers of a cluster, or on this "
    "one; else where the settings say.",
)
@click.option("--watch", "follow", is_flag=True, help="Then follow changes in the folders, until Ctrl+C.")
def index(
    context: Context,
    paths: tuple[Path, ...],
    thorough: bool,
    screen_text: bool | None,
    faces: bool | None,
    describe: bool | None,
    retry: bool,
    cluster_address: str | None,
    follow: bool,
) -> None:
    """Index folders of videos, or single ones. Safe to interrupt and to repeat; without PATH, go on with all.

    With --describe, what lies in PATH is described, or all.
    """
    from retake_core.cli.show.indexing import follow_indexing, print_indexed
    from retake_core.cluster.fallback import with_cluster
    from retake_core.describing.service import Describing
    from retake_core.indexing.left_out import LeftOutPatterns
    from retake_core.indexing.run import IndexRun, index_folders
    from retake_core.indexing.watching import ChangedFolders
    from retake_core.library import folders
    from retake_core.library.described import retry_descriptions
    from retake_core.library.indexing import retry_failed
    from retake_core.maintenance.copies import is_due, keep_copy

    cancel, place = CancelToken(), ClusterPlace.of(context.data_dir)
    with context.library() as database:
        settings = context.settings()
        wishes = {"screen_text": screen_text, "faces": faces, "describe": describe}
        settings = _as_wished(settings, paths, **wishes)
        described = settings
        if cluster_address is not None:  # then it is not for the settings to say
            at = "" if cluster_address == LOCAL else cluster_address
            described = msgspec.structs.replace(settings, cluster_address=at)
            settings = msgspec.structs.replace(settings, cluster_address="")

        def known_paths() -> tuple[Path, ...]:
            with database.reading() as connection:
                return tuple(path for _, path in folders.folders(connection))

        def present() -> dict[Path, FoundFile]:
            with database.reading() as connection:
                return folders.present_files(connection)

        def index_places(places: Sequence[Path]) -> None:
            now = msgspec.structs.replace(settings, leave_out=leave_out())
            with only_writer(context.data_dir), with_cluster(replace(run, settings=now), place) as ready:
                summary = follow_indexing(index_folders(ready, places))
            if is_due(context.data_dir):
                with suppress(UserError):  # the next run tries again
                    keep_copy(context.data_dir)
            context.show(summary, print_indexed)

        leave_out = LeftOutPatterns(context.data_dir.settings)
        changes = ChangedFolders(known_paths, present, cancel, leave_out)
        if not (paths or known_paths()):
            raise UserError("No folder is in the library yet; name one: retake index DIR")
        if retry:
            with only_writer(context.data_dir), database.writing() as connection:
                retry_failed(connection)
                retry_descriptions(connection)
        run = IndexRun(
            database,
            context.encoder(),
            settings,
            cancel,
            thorough=thorough or settings.thorough,
            log=context.data_dir.log,
            vectors=context.data_dir.vectors,
            speeds=context.data_dir.indexing_speeds,
            decoding_verdicts=context.data_dir.decoding_verdicts,
            precision_verdicts=context.data_dir.precision_verdicts,
            give_way=changes.any if follow else lambda: False,
            last=Describing(
                context.data_dir, described, describer=partial(describer_of, data_dir=context.data_dir)
            ),
        )
        with _lanes(place, cluster_address or LOCAL, run) as run, cancel_on_signal(cancel):
            index_places(paths or known_paths())
            while follow:
                index_places([changes.next()])


@contextmanager
def _lanes(place: ClusterPlace, address: str, run: "IndexRun") -> Iterator["IndexRun"]:
    """Let a run use the lanes of a cluster during the block."""
    if address == LOCAL:
        yield run
        return
    with lanes_at(place, address, run.encoder, run.settings.encoder, run.cancel) as lanes:
        yield replace(run, lanes=lanes, speeds=speeds_of_cluster(run.speeds, address))


def _as_wished(settings: Settings, paths: Sequence[Path], **wishes: bool | None) -> Settings:
    """Return the settings with what this run is to do, or not to do, whatever they say."""
    changes: dict[str, Any] = {name: wish for name, wish in wishes.items() if wish is not None}
    if changes.get("describe") and paths:
        changes["describe_folders"] = tuple(os.fspath(path.absolute()) for path in paths)
    return msgspec.structs.replace(settings, **changes)
