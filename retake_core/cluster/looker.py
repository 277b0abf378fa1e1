"""What runs on a node: looks at videos that lie where it sees them, and yields what that decides.

An actor of Ray; it knows nothing of the library.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from retake_core.cluster.giving_way import AnsweringGate, LeavingToken, answering_folder
from retake_core.cluster.paths import PathMap, as_name
from retake_core.cluster.place import DATA
from retake_core.data_dir import DataDir
from retake_core.describing.giving_way import GaveWayError
from retake_core.encoders.registry import open_encoder, prepare_for_indexing
from retake_core.encoders.threads import limit_encoder_threads
from retake_core.errors import Cancelled, MediaError
from retake_core.indexing.passes.crew import Kit, Piece, words
from retake_core.indexing.passes.kits import KitPlan, plan_kits
from retake_core.indexing.passes.lanes import session_for
from retake_core.indexing.passes.look import DecodedBy, Order, Step, VideoLook
from retake_core.media.hardware.news import HardwareNews
from retake_core.media.hardware.sessions import HardwareSessions, Session
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.memory_limit import fair_share
from retake_core.media.process.tasks import TaskFailed
from retake_core.media.video_file import FoundFile, look_at
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class NotSeen:
    """This node does not see the file, or another one in its place."""


@dataclass(frozen=True, slots=True)
class GaveWay:
    """A model on this node answers, for which the graphics card was left; the video is to be begun again."""


@dataclass(frozen=True, slots=True)
class DecoderDied:
    """The decoder crashed or hung on the file, with the reason for the user."""

    reason: str


class Looker:
    """Looks at as many videos at once as it has cores; one encoder serves them in turn. Load it first.

    While a model of the same computer answers, all of it waits.
    """

    def __init__(self) -> None:
        self._encoding = threading.Lock()
        self._paths = PathMap.of_node()
        self._gate = AnsweringGate(answering_folder())
        self._idle: list[LastingDecoder] = []
        self._stops: dict[object, LeavingToken] = {}
        self._plans: dict[PassName, KitPlan] = {}
        self._kits: dict[PassName, list[Kit]] = defaultdict(list)  # those that nobody uses

    def load(self, encoder: str, cores: int) -> str:
        """Load an encoder, as the settings name it, and return its id; vectors of other ids are never compared.

        What the graphics card here may decode is said by this node's own settings.

        Raises:
            UserError: it cannot be loaded here.
        """
        limit_encoder_threads(max(1, cores // 4))
        self._memory = fair_share(cores)
        self._encoder = open_encoder(encoder)
        data = DataDir(Path(os.environ[DATA]))
        prepare_for_indexing(self._encoder, data.precision_verdicts)
        choice = load_settings(data.settings).hardware_decoding
        self._hardware = HardwareSessions(choice, Verdicts(data.decoding_verdicts))
        return self._encoder.id

    def look(self, order: Order) -> Iterator[Step | NotSeen | GaveWay | DecoderDied]:
        """Look at a video, of which another computer ordered it: see `order_for_others`.

        The last that is yielded is no `Looked`, unless `stop` was called.
        """
        found = self._find(order.job.file.path, order.job.fingerprint)
        if found is None:
            yield NotSeen()
            return
        job = replace(order.job, file=found)
        look = VideoLook(self._encoder, replace(order, job=job))
        try:
            with self._stopping(job.video_id) as token:
                token.check()  # what comes now may take the card
                yield from self._looked(look, token, session_for(order, self._hardware))
        except MediaError as error:
            yield TaskFailed(str(error))
        except DecoderDiedError as error:
            yield DecoderDied(str(error))
        except GaveWayError:
            self._end_idle()
            yield GaveWay()
        except Cancelled:
            return

    def _looked(self, look: VideoLook, token: LeavingToken, session: Session) -> Iterator[Step]:
        token.session = session
        try:
            with self._decoder() as decoder:
                for message in decoder.messages(look.task(session.order), token):
                    if isinstance(message, HardwareNews):
                        session.hear(message)
                        yield DecodedBy(session.device)
                        continue
                    with self._encoding:
                        step = look.take(message)
                    yield step
        except DecoderDiedError:
            session.died()
            raise
        finally:
            session.end()

    def _end_idle(self) -> None:
        """End the processes that wait for work: they may hold the card open."""
        while self._idle:
            self._idle.pop().close()

    def stop(self, video_id: int) -> None:
        """Look at a video no longer."""
        if (token := self._stops.get(video_id)) is not None:
            token.cancel()

    def prepare(self, name: PassName, settings: Settings, cores: int, cards: int) -> tuple[str, int]:
        """Find what a pass needs, and return the id of its kits and how many pieces are worked on at once.

        Raises:
            UserError: something is not here.
        """
        plan = self._plans[name] = plan_kits(name, settings, cores, cards, fair_share(cores))
        return plan.id, plan.count

    def work(self, name: PassName, number: int, piece: Piece) -> Iterator[object]:
        """Work on a piece, of which another computer ordered it: see `for_others`.

        The last that is yielded is an `End` or `NotSeen`, unless `stop_work` was called.
        """
        found = self._find(piece.path, piece.fingerprint)
        if found is None:
            yield NotSeen()
            return
        idle = self._kits[name]
        kit = idle.pop() if idle else self._plans[name].make()
        try:
            with self._stopping((name, number)) as token:
                yield from words(kit, replace(piece, path=found.path), token)
        except Cancelled:
            return
        finally:
            if self._kits.get(name) is idle:
                idle.append(kit)
            else:  # the pass is over
                kit.close()

    def stop_work(self, name: PassName, number: int) -> None:
        """Work on a piece no longer."""
        if (token := self._stops.get((name, number))) is not None:
            token.cancel()

    def put_away(self, name: PassName) -> None:
        """End the processes of a pass that wait for work."""
        for kit in self._kits.pop(name, []):
            kit.close()

    def _find(self, there: Path, content: str) -> FoundFile | None:
        path = self._paths.find(there, content)
        try:
            return None if path is None else look_at(path)
        except OSError:
            return None

    @contextmanager
    def _stopping(self, key: object) -> Iterator[LeavingToken]:
        token = self._stops[key] = LeavingToken(self._gate)
        try:
            yield token
        finally:
            if self._stops.get(key) is token:
                del self._stops[key]

    @contextmanager
    def _decoder(self) -> Iterator[LastingDecoder]:
        decoder = self._idle.pop() if self._idle else LastingDecoder(memory=self._memory)
        try:
            yield decoder
        finally:
            self._idle.append(decoder)


def order_for_others(order: Order) -> Order:
    """Return an order that any computer can unpack."""
    file = replace(order.job.file, path=as_name(order.job.file.path))
    return replace(order, job=replace(order.job, file=file))


def for_others(piece: Piece) -> Piece:
    """Return a piece that any computer can unpack."""
    return replace(piece, path=as_name(piece.path))
