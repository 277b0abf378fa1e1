"""From folders of videos to keyframes and words: scan, subtitles, quick and closer pass, screen, speech."""

import itertools
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select

from retake_core.cancel import CancelToken
from retake_core.encoders.attributes import ATTRIBUTES
from retake_core.encoders.base import Encoder
from retake_core.encoders.calibrated import CalibratedEncoder
from retake_core.encoders.noise_words import forget_other_noise, write_noise
from retake_core.encoders.registry import full_name, prepare_for_indexing
from retake_core.encoders.sentences import chosen_sentences
from retake_core.encoders.threads import limit_encoder_threads
from retake_core.errors import StorageError
from retake_core.indexing.forecast import Forecast
from retake_core.indexing.passes.attributes import AttributesPass
from retake_core.indexing.passes.crew import Elsewhere, Hire, LocalCrew
from retake_core.indexing.passes.dates import date_videos
from retake_core.indexing.passes.faces import FacesPass
from retake_core.indexing.passes.keyframes import PassRunner, PassSettings
from retake_core.indexing.passes.lanes import LocalLanes
from retake_core.indexing.passes.live_films import mark_live_films
from retake_core.indexing.passes.meaning import MeaningPass
from retake_core.indexing.passes.names_and_subtitles import TextPass
from retake_core.indexing.passes.screen_text import ScreenPass
from retake_core.indexing.passes.speech import SpeechPass
from retake_core.indexing.passes.speeds import PassSpeed, Speeds
from retake_core.indexing.passes.thumbnails import drop_other_encoders, embed_thumbnails
from retake_core.indexing.scan import sync_folder
from retake_core.indexing.work_ahead import LaterPass, WorkAhead
from retake_core.keyframes.limits import Limits
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, due_videos
from retake_core.library.schema import keyframe
from retake_core.library.vectors import build_large, forget_others
from retake_core.media.hardware.sessions import HardwareSessions
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.media.process.spare import keeping_spare
from retake_core.ocr.models import find_models
from retake_core.people.model import FaceModelError
from retake_core.people.registry import find_face_model
from retake_core.protocol.indexing_events import (
    Indexed,
    IndexingEvent,
    PassName,
    Remarked,
    TextRead,
    VideoDone,
    VideoFailed,
    Waiting,
)
from retake_core.settings import Settings
from retake_core.system.processor import usable_cores

MOST_DECODERS = 8
_LaterPass = AttributesPass | MeaningPass | ScreenPass | FacesPass | SpeechPass
SELECTION_VERSION = 3  # part of the recipe: raise it when the same frames would give other keyframes


@dataclass(frozen=True, slots=True)
class IndexRun:
    """What a run of indexing works with.

    Attributes:
        database: the library.
        encoder: for the frames.
        settings: sampling and limits.
        cancel: stops the run within a second.
        thorough: decode everything, not only the spans in which something changes.
        patient: when the disk is full or the library locked, wait until it is not, and go on.
        first: ids of videos that go through all passes before the others.
        log: gets what the decoders print.
        vectors: where index files lie; a large library gets one that is built for it.
        speeds: the file that remembers how fast the passes are here.
        decoding_verdicts: the file that remembers what the graphics devices here decode rightly.
        precision_verdicts: the file that remembers which encoders see pictures in bfloat16 here; None is float32.
        lanes: other computers that look for keyframes, read, look for faces and listen; None is this one.
        give_way: whether something is more urgent than to read and to listen; what is left is for the next run.
        last: what comes when all passes are over, of which indexing itself knows nothing.
    """

    database: Database
    encoder: Encoder
    settings: Settings
    cancel: CancelToken
    thorough: bool = False
    patient: bool = False
    first: Collection[int] = ()
    log: Path | None = None
    vectors: Path | None = None
    speeds: Path | None = None
    decoding_verdicts: Path | None = None
    precision_verdicts: Path | None = None
    lanes: Elsewhere | None = None
    give_way: Callable[[], bool] = lambda: False
    last: "LastPass | None" = None


class LastPass(LaterPass, Protocol):
    """What comes when all videos are settled, read and listened to; it tells its own pace."""

    @property
    def pass_speed(self) -> PassSpeed | None:
        """Under which name its speed is remembered; None where there is nothing to do."""

    def run(self, run: IndexRun) -> Iterator[IndexingEvent]:
        """Do it, and yield what happens."""


def index_folders(run: IndexRun, folders: Sequence[Path]) -> Iterator[IndexingEvent]:
    """Bring the library up to date with folders, and finish what earlier runs left undone.

    The quick pass over all videos comes first, so that a new folder can be browsed and searched within minutes;
    then the pass that looks closer, the videos with most to find first. Then what is said and written gets vectors
    of its meaning, the text on screen is read, and faces are looked for, if the settings say so; at last, if they
    name a speech model, what is said is written down. After another encoder was chosen, the stored thumbnails are
    embedded before all that, and what the one before made goes when the videos have been looked at.

    Args:
        run: what it works with.
        folders: may be empty, to go on with what the library holds.

    Raises:
        StorageError: the disk is full, or another program holds the library.
        UserError: a folder does not exist, or the library cannot be read or written.
        Cancelled: what was decided by then is stored; the next run goes on from there.
    """
    while True:
        try:
            with keeping_spare():
                yield from _index(run, folders)
        except StorageError as error:
            if not run.patient:
                raise
            yield Waiting(f"{error} Indexing goes on by itself.")
            run.database.wait_until_writable(run.cancel)
        else:
            return


def _index(run: IndexRun, folders: Sequence[Path]) -> Iterator[IndexingEvent]:
    started = time.monotonic()
    database, encoder, settings, cancel = run.database, run.encoder, run.settings, run.cancel
    for folder in folders:
        yield from sync_folder(database, folder, cancel, settings.leave_out)
    texts = TextPass(database, cancel, run.log)
    texts.read_names()
    texts.read_sidecars()
    cores = usable_cores(settings.processor_share)
    depths = (Depth.QUICK, Depth.THOROUGH if run.thorough else Depth.REFINED)
    sentences = chosen_sentences(settings.sentences)
    meaning = MeaningPass(database, sentences, cancel, cores)
    attributes = AttributesPass(database, encoder, cancel)
    later = [attributes, meaning, *(yield from _later_passes(run))]
    forecast = _forecast(run, depths, later)
    if run.precision_verdicts is not None:
        prepare_for_indexing(encoder, run.precision_verdicts)
    if run.vectors is not None and isinstance(encoder, CalibratedEncoder):
        write_noise(run.vectors, encoder, cancel)
    yield from forecast.follow_switch(
        embed_thumbnails(database, encoder, full_name(settings.encoder), cancel, cores)
    )
    counts = _Counts()
    for only, depth in itertools.product((run.first, None) if run.first else (None,), depths):
        for event in _look(run, depth, only, forecast, counts):
            yield event
            attributes.measure_new(all_of_them=isinstance(event, VideoDone))
        if depth == Depth.QUICK:
            texts.read_inside()
            if only is None:  # once: by now all is known that tells a date
                date_videos(database, folders, cancel)
                mark_live_films(database, cancel)
    drop_other_encoders(database, encoder, cancel)
    with database.reading() as connection:
        if run.vectors is not None:
            forget_others(run.vectors, encoder.id, ATTRIBUTES, *([] if sentences is None else [sentences.id]))
            forget_other_noise(run.vectors, encoder.id)
            build_large(connection, run.vectors, encoder.id, encoder.dimension, cancel)
    seconds = time.monotonic() - started
    yield from _read_and_listen(run, meaning, later, forecast)
    with database.reading() as connection:
        keyframes = connection.execute(select(func.count()).select_from(keyframe)).scalar_one()
    yield Indexed(len(counts.done), len(counts.failed), keyframes, counts.video_seconds, seconds)


def _read_and_listen(
    run: IndexRun, meaning: MeaningPass, later: Sequence[_LaterPass], forecast: Forecast
) -> Iterator[IndexingEvent]:
    """Run the passes that take long, when all else can be used.

    What they find is embedded video by video, so that it is found by its meaning as soon as by its words.
    """
    for later_pass in later:
        if not run.give_way():
            for event in forecast.follow(later_pass.pace, later_pass.run(run.first, run.give_way)):
                yield event
                if isinstance(event, TextRead):
                    yield from _embed_at_once(run, meaning)
    if run.last is not None and not run.give_way():
        yield from forecast.follow_last(run.last.name, run.last.run(run))
        yield from _embed_at_once(run, meaning)


def _embed_at_once(run: IndexRun, meaning: MeaningPass) -> Iterator[Remarked]:
    """Embed what was just found: it takes a few seconds, of which there is nothing to tell."""
    for event in meaning.run((), run.give_way):
        if isinstance(event, Remarked):
            yield event


@dataclass(slots=True)
class _Counts:
    """What the passes that look for keyframes did: paths, and seconds of video."""

    done: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    video_seconds: float = 0.0


def _look(
    run: IndexRun, depth: Depth, only: Collection[int] | None, forecast: Forecast, counts: _Counts
) -> Iterator[IndexingEvent]:
    """Look for keyframes in all videos that are due, or only in some."""
    with run.database.reading() as connection:
        due = due_videos(connection, depth, recipe(run.encoder, run.settings))
    if only is not None:
        due = [video for video in due if video.id in only]
    if not due:
        return
    leave_cores_to_decoders(run.settings)
    runner = _runner(run, depth)
    for event in forecast.follow(runner.pace, runner.run(due), frozenset(video.id for video in due)):
        if isinstance(event, VideoDone):
            counts.done.add(event.path)
        elif isinstance(event, VideoFailed):
            counts.failed.add(event.path)
        yield event
    counts.video_seconds += runner.video_seconds


def _later_passes(run: IndexRun) -> Generator[IndexingEvent, None, list[_LaterPass]]:
    """Return those that read text on screen, look for faces and listen: they take long, and come last."""
    passes: list[_LaterPass] = []
    database, settings, cancel = run.database, run.settings, run.cancel
    cores = usable_cores(settings.processor_share)
    if settings.screen_text and (models := find_models()) is not None:
        passes.append(ScreenPass(database, models, cancel, run.log, cores, _hire(run, PassName.SCREEN)))
    if settings.faces:
        try:
            faces = find_face_model(settings.face_model)
        except FaceModelError as error:
            yield Remarked("", str(error))
        else:
            passes.append(FacesPass(database, faces, cancel, run.log, cores, _hire(run, PassName.FACES)))
    passes.append(SpeechPass(database, settings, cancel, run.log, _hire(run, PassName.SPEECH)))
    return passes


def _hire(run: IndexRun, name: PassName) -> Hire:
    """Return what gives a pass those who do its work."""
    return LocalCrew if run.lanes is None else partial(run.lanes.crew, name, run.settings)


def _forecast(run: IndexRun, depths: Sequence[Depth], later: Sequence[_LaterPass]) -> Forecast:
    """Return what tells how long the run takes."""
    lanes = _lanes(run.settings) if run.lanes is None else run.lanes.count
    speeds = {PassName[depth.name]: PassSpeed(PassName[depth.name], 1.0, lanes) for depth in depths}
    able: list[tuple[LaterPass, PassSpeed]] = [
        (entry, speed) for entry in later if (speed := entry.pass_speed) is not None
    ]
    remembered = Speeds(run.speeds)
    last = run.last
    if last is not None and (speed := last.pass_speed) is not None and remembered.per_unit(speed.name) is not None:
        able.append((last, speed))
    for entry, speed in able:
        elsewhere = run.lanes is not None and isinstance(entry, ScreenPass | FacesPass | SpeechPass)
        speeds[entry.name] = replace(speed, lanes=lanes) if elsewhere else speed
    ahead = WorkAhead(
        run.database,
        recipe(run.encoder, run.settings),
        run.settings.sampling_rate,
        depths[-1],
        [entry for entry, _ in able],
    )
    return Forecast(ahead, speeds, remembered, run.cancel, elsewhere=run.lanes is not None)


def leave_cores_to_decoders(settings: Settings) -> None:
    """Bound the encoder's threads, for the whole process: decoding is five times the work, in other processes."""
    limit_encoder_threads(max(1, usable_cores(settings.processor_share) // 4))


def recipe(encoder: Encoder, settings: Settings) -> str:
    """Name everything that decides which keyframes come out of a video."""
    return (
        f"{encoder.id} rate={settings.sampling_rate:g} spacing={settings.keyframe_spacing:g} "
        f"gap={settings.keyframe_gap:g} v{SELECTION_VERSION}"
    )


def _lanes(settings: Settings) -> int:
    return min(usable_cores(settings.processor_share), MOST_DECODERS)


def lanes_here(run: IndexRun) -> LocalLanes:
    """Return lanes on this computer for a run."""
    settings = run.settings
    hardware = HardwareSessions(settings.hardware_decoding, Verdicts(run.decoding_verdicts))
    return LocalLanes(run.encoder, _lanes(settings), run.log, hardware)


def _runner(run: IndexRun, depth: Depth) -> PassRunner:
    settings = run.settings
    pass_settings = PassSettings(
        depth=depth,
        recipe=recipe(run.encoder, settings),
        rate=settings.sampling_rate,
        limits=Limits(settings.keyframe_spacing, settings.keyframe_gap, reach=1.5 / settings.sampling_rate),
        # Two decoders of one thread do more than one of two.
        processes=_lanes(settings),
        threads=1,
        log=run.log,
        hardware=HardwareSessions(settings.hardware_decoding, Verdicts(run.decoding_verdicts)),
    )
    return PassRunner(run.database, run.encoder, pass_settings, run.cancel, run.lanes)
