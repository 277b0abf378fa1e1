"""`retake videos`."""

from retake_core.cli.context import Context, command


@command
def videos(context: Context) -> None:
    """List the videos: duration, keyframes, state, and why one failed."""
    from retake_core.cli.show.videos import print_videos, video_document
    from retake_core.library import catalog

    with context.library() as database, database.reading() as connection:
        entries = catalog.videos(connection)
    context.show([video_document(entry) for entry in entries], print_videos)
