"""What is compared: the product's passes, a plain pipeline, and bare decoding."""

import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import decord
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from retake_core.cancel import CancelToken
from retake_core.encoders.base import EncodedFrames, Encoder
from retake_core.indexing.passes.keyframes import PassRunner, PassSettings
from retake_core.indexing.run import IndexRun, index_folders, recipe
from retake_core.indexing.scan import sync_folder
from retake_core.keyframes.limits import Limits
from retake_core.keyframes.stream import distances, select_keyframes
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, due_videos
from retake_core.media.frames import sample_cell
from retake_core.media.process.decode_process import DecodeProcess
from retake_core.media.process.tasks import DecodeTask
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.protocol.indexing_events import VideoDeferred, VideoFailed
from retake_core.settings import Settings
from tests.benchmarks.measure import Cost, cost_of

SETTINGS = Settings()
LIMITS = Limits(SETTINGS.keyframe_spacing, SETTINGS.keyframe_gap)
_SIDE = 7


class PixelEncoder:
    """Costs next to nothing: a picture's map is its 7 x 7 miniature."""

    id = "pixels"
    dimension = 3 * _SIDE * _SIDE

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        small = [Image.fromarray(image).resize((_SIDE, _SIDE), Image.Resampling.BOX) for image in images]
        maps = np.stack([np.asarray(picture, np.float32).reshape(-1, 3) for picture in small])
        embeddings = maps.reshape(len(maps), -1) + 1
        embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
        return EncodedFrames(embeddings, maps)

    def pool(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = embeddings.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def encode_text(self, text: str) -> NDArray[np.float32]:
        raise NotImplementedError(text)

    def unknown_words(self, _text: str, /) -> tuple[str, ...]:
        return ()

    def names_something(self, _text: str, /) -> bool:
        return True

    def confidence(self, cosine: NDArray[np.float32]) -> NDArray[np.float32]:
        return cosine

    def picture_query(self, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        return embedding

    def likeness(self, embedding: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
        return others @ embedding


@contextmanager
def library(clips: Sequence[Path]) -> Iterator[Database]:
    """An empty library that knows of these clips."""
    with tempfile.TemporaryDirectory() as work:
        folder = folder_of(clips, Path(work))
        with closing(Database(Path(work, "library.db"))) as database:
            list(sync_folder(database, folder, CancelToken()))
            yield database


def folder_of(clips: Sequence[Path], work: Path) -> Path:
    """Return a folder in `work` that holds links to the clips."""
    folder = work / "videos"
    folder.mkdir()
    for clip in clips:
        (folder / clip.name).symlink_to(clip)
    return folder


def run_pass(database: Database, encoder: Encoder, depth: Depth, processes: int = 1) -> None:
    """Run one of the product's passes over the whole library."""
    settings = PassSettings(depth, recipe(encoder, SETTINGS), SETTINGS.sampling_rate, LIMITS, processes, threads=1)
    with database.reading() as connection:
        due = due_videos(connection, depth, settings.recipe)
    for event in PassRunner(database, encoder, settings, CancelToken()).run(due):
        if isinstance(event, VideoFailed | VideoDeferred):
            raise RuntimeError(event)


def index(folder: Path, path: Path, encoder: Encoder, *, thorough: bool = False) -> None:
    """Do what `retake index` does."""
    with closing(Database(path)) as database:
        for event in index_folders(
            IndexRun(database, encoder, SETTINGS, CancelToken(), thorough=thorough), [folder]
        ):
            if isinstance(event, VideoFailed | VideoDeferred):
                raise RuntimeError(event)


def index_pixels(folder: Path, path: Path) -> None:
    """Index a folder thoroughly without a network, in this process's one thread."""
    torch.set_num_threads(1)
    index(folder, path, PixelEncoder(), thorough=True)


def start_up() -> Cost:
    """Return what it costs to start a decode process: paid once for all videos that it decodes."""

    def start() -> None:
        process = DecodeProcess()
        process.submit(DecodeTask(Path("nothing"), 1.0, None, "auto", LIMITS.window, 1))
        process.receive()
        process.kill()

    return cost_of(start)


def decode(clips: Sequence[Path]) -> None:
    """Decode all frames of the clips at once, each in one thread, and throw them away."""
    with ThreadPoolExecutor(len(clips)) as pool:
        list(pool.map(_decode, clips))


def _decode(clip: Path) -> None:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", str(clip), "-map", "0:v:0"]
    subprocess.run([*command, "-f", "null", "-"], check=True)


def plain(clip: Path, path: Path, encoder: Encoder) -> None:
    """Find and store the same keyframes in the straightforward way: one thing after another, one at a time."""
    reader = decord.VideoReader(str(clip))
    stamps = reader.get_frame_timestamp(np.arange(len(reader)))[:, 0].astype(np.float64)
    cells = [sample_cell(time, SETTINGS.sampling_rate) for time in stamps]
    samples = np.flatnonzero(np.diff(cells, prepend=-1))
    change: list[NDArray[np.float32]] = []
    kept: list[tuple[NDArray[np.uint8], NDArray[np.float32]]] = []
    before: NDArray[np.float32] | None = None
    for sample in samples:
        picture = Image.fromarray(reader[sample].asnumpy())
        picture = picture.resize((398, 224), Image.Resampling.BILINEAR)
        encoded = encoder.encode_frames([np.array(picture)])
        change.append(distances(encoded.maps, before))
        before = encoded.maps[-1]
        kept.append((np.array(picture), encoded.embeddings[0]))
    times = stamps[samples]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE keyframe (clip TEXT, time REAL, thumbnail BLOB, vector BLOB)")
        for index_ in select_keyframes(times, np.concatenate(change), LIMITS):
            image, vector = kept[index_]
            row = (str(clip), times[index_], encode_thumbnail(image), vector.astype("<f2").tobytes())
            connection.execute("INSERT INTO keyframe VALUES (?, ?, ?, ?)", row)
            connection.commit()
