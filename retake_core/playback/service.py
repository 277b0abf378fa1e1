"""What the window's player needs of a video: its frame times, a copy that can be played, single frames."""

import contextlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.library.catalog import VideoEntry, video_by_id
from retake_core.library.database import Database
from retake_core.library.folders import fingerprints
from retake_core.library.listening import sound_track_of
from retake_core.media.ffmpeg.audio_tracks import AudioTracks
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import AudioTracksTask
from retake_core.media.subtitles.file import read_subtitle_file
from retake_core.media.subtitles.labels import read_labels
from retake_core.playback.copy_store import CopyStore
from retake_core.playback.copy_task import PlayableTask
from retake_core.protocol import requests
from retake_core.protocol.answers import (
    CopyReady,
    SoundTracksReady,
    StillReady,
    SubtitleLine,
    SubtitlesReady,
    TrackFacts,
)
from retake_core.protocol.indexing_events import CopyProgress

NICENESS = 10
"""What is being played now and indexing come first."""
STILL_SIDE = 1080
"""Pixels of the shorter side of a still."""


class PlaybackService:
    """Makes what the player cannot make itself.

    Args:
        database: of the library.
        data_dir: where copies lie.
        decoder: reads recordings, in a process of its own.
    """

    def __init__(self, database: Database, data_dir: DataDir, decoder: LastingDecoder) -> None:
        self._database, self._decoder = database, decoder
        self._store = CopyStore(data_dir.proxies)

    def prepare(
        self, request: requests.Prepare, token: CancelToken, tell: Callable[[CopyProgress], None]
    ) -> CopyReady:
        """Return when a video's frames are shown and what to play, telling of the progress ten times a second.

        Raises:
            UserError: the video is gone, cannot be read, or cannot be copied.
            Cancelled: a stop was asked for.
        """
        with contextlib.suppress(AttributeError, OSError):
            os.nice(NICENESS - os.nice(0))
        entry = self._entry(request.video_id)
        self._forget_copies()
        playable = self._store.find(entry.fingerprint, request.short_side, request.failed, entry.sound_track)
        task = PlayableTask(
            self._store,
            entry.fingerprint,
            entry.path,
            request.short_side,
            request.failed,
            entry.sound_track,
        )
        try:
            if playable is None:
                playable = self._decoder.run(task, token, lambda fraction: tell(CopyProgress(fraction)))
        finally:
            if playable is None:
                self._store.drop_unfinished(entry.fingerprint)
        assert playable is not None
        return CopyReady(
            id=request.id,
            frames=os.fspath(playable.frames),
            copy=None if playable.copy is None else os.fspath(playable.copy),
            shift=playable.shift,
        )

    def still(self, request: requests.Still, token: CancelToken) -> StillReady:
        """Return the frame that is on screen at a time.

        Raises:
            UserError: the video is gone, or nothing of it can be decoded in time.
            Cancelled: a stop was asked for.
        """
        path = self._entry(request.video_id).path
        frame = self._decoder.frame_at(path, request.time, STILL_SIDE, token)
        buffer = io.BytesIO()
        Image.fromarray(frame.image).save(buffer, "JPEG", quality=90)
        return StillReady(id=request.id, time=frame.time, jpeg=buffer.getvalue())

    def sound_tracks(self, request: requests.ListSoundTracks, token: CancelToken) -> SoundTracksReady:
        """Return the sound tracks of a video.

        Raises:
            UserError: the video is gone, or cannot be read.
            Cancelled: a stop was asked for.
        """
        with self._database.reading() as connection:
            path = video_by_id(connection, request.video_id).path
            chosen = sound_track_of(connection, request.video_id)
        found: AudioTracks = self._decoder.run(AudioTracksTask(path, chosen), token)
        tracks = tuple(
            TrackFacts(
                number=track.number,
                language=track.language,
                title=track.title,
                channels=track.channels,
                listened=track.listened,
            )
            for track in found.tracks
        )
        return SoundTracksReady(id=request.id, tracks=tracks, chosen=chosen)

    def subtitles(self, request: requests.ReadSubtitles) -> SubtitlesReady:
        """Return what a subtitle file says.

        Raises:
            UserError: it cannot be read, or is none.
        """
        path = Path(request.path)
        language = read_labels(path.stem, "").language
        cues = read_subtitle_file(path, language)
        lines = tuple(SubtitleLine(cue.start, cue.end, cue.text) for cue in cues)
        return SubtitlesReady(id=request.id, lines=lines, language=language)

    def _entry(self, video_id: int) -> VideoEntry:
        with self._database.reading() as connection:
            return video_by_id(connection, video_id)

    def _forget_copies(self) -> None:
        """Remove the copies of videos that the library no longer has."""
        with self._database.reading() as connection:
            videos = fingerprints(connection)
        self._store.keep_only(videos.values())
