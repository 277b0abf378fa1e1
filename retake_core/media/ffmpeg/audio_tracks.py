"""The sound tracks of a file as people choose between them."""

from dataclasses import dataclass
from pathlib import Path

from retake_core.errors import UserError
from retake_core.media.ffmpeg.container import open_container, tags_of
from retake_core.media.ffmpeg.sound import ChoiceReason, choose_tracks


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """A sound track.

    Attributes:
        number: among the sound tracks of its file, from 1.
        language: as the file says.
        title: as the file says.
        channels: how many.
        codec: that it is coded in.
        listened: whether what is said is taken from it.
    """

    number: int
    language: str | None
    title: str | None
    channels: int
    codec: str
    listened: bool


@dataclass(frozen=True, slots=True)
class AudioTracks:
    """The sound tracks of a file, and why those are listened to that are."""

    tracks: tuple[AudioTrack, ...]
    reason: ChoiceReason

    def check(self, number: int) -> None:
        """Do nothing if there is a track of this number that can be heard.

        Raises:
            UserError: there is none.
        """
        possible = [str(track.number) for track in self.tracks if track.channels]
        if str(number) not in possible:
            offer = f"choose one of {', '.join(possible)}" if possible else "it has none that can be heard"
            raise UserError(f"There is no sound track {number} in this video; {offer}.")


def audio_tracks(path: Path, chosen: int | None = None) -> AudioTracks:
    """Return the sound tracks of a file; see `choose_tracks`.

    Raises:
        MediaError: the file cannot be opened.
    """
    choice = choose_tracks(path, chosen)
    with open_container(path) as container:
        tracks = tuple(
            AudioTrack(
                number,
                None if stream.language in (None, "und") else stream.language,
                tags_of(stream.metadata).get("title") or None,
                0 if stream.codec_context is None else stream.channels,
                "" if stream.codec_context is None else stream.codec.canonical_name,
                stream.index in choice.streams,
            )
            for number, stream in enumerate(container.streams.audio, 1)
        )
    return AudioTracks(tracks, choice.reason)
