"""Making what the player needs of a video, as work for a process of its own."""

from dataclasses import dataclass
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import STEP_LIMIT, Send, progress_to
from retake_core.playback.copy_store import CopyStore, Playable
from retake_core.protocol.requests import Unplayable


@dataclass(frozen=True, slots=True)
class PlayableTask:
    """See `CopyStore.prepare`."""

    store: CopyStore
    fingerprint: str
    path: Path
    short_side: int
    failed: Unplayable
    sound: int | None = None

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT

    def run(self, send: Send) -> Playable:
        """Make it."""
        token = CancelToken()  # who wants it no longer kills the process
        try:
            return self.store.prepare(
                self.fingerprint, self.path, self.short_side, token, progress_to(send), self.failed, self.sound
            )
        except OSError as error:
            reason = (error.strerror or "unknown error").lower()
            raise MediaError(f"What the player needs of it could not be stored: {reason}.") from error
