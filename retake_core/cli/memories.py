"""`retake memories`."""

import click

from retake_core.cli.context import Context, command


@command
@click.option("--evict", metavar="VIDEO", help="Forget this video, pinned or not.")
@click.option("--pin", metavar="VIDEO", help="Never forget this video to make room.")
@click.option("--unpin", metavar="VIDEO", help="Let this video go when room is needed.")
@click.option(
    "--quota", metavar="SIZE", help="How much disk memories may take, such as 20GB; kept in the settings."
)
@click.option(
    "--precision",
    type=click.Choice(["full", "8bit", "4bit"]),
    help="How exact new memories are, and so how large; kept in the settings.",
)
def memories(
    context: Context,
    evict: str | None,
    pin: str | None,
    unpin: str | None,
    quota: str | None,
    precision: str | None,
) -> None:
    """List what is remembered of videos, so that questions about them are answered at once."""
    from retake_core.cli.show.memories import memories_document, print_memories
    from retake_core.library.catalog import find_video
    from retake_core.questions.memories import change_quota, name_memories
    from retake_core.questions.planning import memory_store
    from retake_core.settings import change_settings

    with context.library() as database, database.reading() as connection:
        if quota is not None:
            change_quota(context.data_dir.settings, quota)
        if precision is not None:
            change_settings(context.data_dir.settings, memory_precision=precision)
        store = memory_store(context.data_dir, context.settings())
        if evict is not None:
            store.evict(find_video(connection, evict).fingerprint)
        if pin is not None:
            store.pin(find_video(connection, pin).fingerprint)
        if unpin is not None:
            store.pin(find_video(connection, unpin).fingerprint, pinned=False)
        if quota is not None:
            store.enforce_quota()
        entries = name_memories(connection, store.list())
    context.show(memories_document(entries, store.quota), print_memories)
