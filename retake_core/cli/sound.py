"""`retake sound`."""

from contextlib import closing

import click

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, command
from retake_core.errors import UserError


@command
@click.argument("video")
@click.option("--track", type=click.IntRange(min=1), help="Listen to this one of its sound tracks.")
@click.option("--automatic", is_flag=True, help="Leave the choice to what the file says, and to what is heard.")
def sound(context: Context, video: str, track: int | None, automatic: bool) -> None:
    """List the sound tracks of VIDEO, and tell which one is listened to and why; or choose it by hand.

    The next `retake index` listens to the video anew.
    """
    from retake_core.cli.show.sound import print_sound, sound_document
    from retake_core.library.catalog import find_video
    from retake_core.library.listening import choose_sound_track, sound_track_of
    from retake_core.media.process.lasting_decoder import LastingDecoder
    from retake_core.media.process.tasks import AudioTracksTask

    if track is not None and automatic:
        raise UserError("Give either --track or --automatic.")
    cancel = CancelToken()
    with (
        context.library() as database,
        closing(LastingDecoder(context.data_dir.log)) as decoder,
        cancel_on_signal(cancel),
    ):
        with database.reading() as connection:
            entry = find_video(connection, video)
            before = sound_track_of(connection, entry.id)
        chosen = None if automatic else track or before
        found = decoder.run(AudioTracksTask(entry.path, chosen), cancel)
        if track is not None:
            found.check(track)
        if chosen != before:
            with database.writing() as connection:
                choose_sound_track(connection, entry.id, chosen)
    context.show(sound_document(entry, found), print_sound)
