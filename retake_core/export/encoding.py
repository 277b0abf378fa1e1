"""Cutting exactly: the frames of each cut are decoded and encoded anew, at their own times."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.codec import Codec
from av.container import OutputContainer
from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from retake_core.errors import MediaError
from retake_core.export.cut import ClipPiece, Cut
from retake_core.export.stream_format import Colour, Look
from retake_core.media.ffmpeg.colour import is_beyond_screens, tone_mapped
from retake_core.media.ffmpeg.h264 import TICK, add_h264, encoding_threads
from retake_core.media.ffmpeg.packets import PacketGate
from retake_core.media.ffmpeg.picture import Picture, forward_only
from retake_core.media.ffmpeg.picture_decoder import PictureDecoder
from retake_core.media.ffmpeg.probe import quarter_turns
from retake_core.media.ffmpeg.sound_track import SoundTrack, SoundWriter
from retake_core.media.frames import TOLERANCE, in_span

_OPTIONS = {"preset": "veryfast", "crf": "18"}
_TRANSPOSE = {1: "cclock", 2: "cclock,transpose=cclock", 3: "clock"}
_PLAIN: Colour = (1, 1, 1, 1)  # BT.709, limited range: what pictures of different kinds are brought to
_MATRICES = {1: "bt709", 9: "bt2020", 10: "bt2020"}  # by FFmpeg's numbers; recordings that say nothing are of 601
_USUAL_LENGTH = 0.04  # seconds that a frame is on screen where nothing is known of it
_LATE = 0.5  # seconds from the start of a cut to its first frame: more looks like a slide show


@dataclass(frozen=True, slots=True)
class Shape:
    """What all frames of an encoded clip are like; mixed is what is made of recordings that differ."""

    size: tuple[int, int]
    pixels: str
    aspect: Fraction
    colour: Colour
    mixed: bool = False

    @classmethod
    def of(cls, looks: Sequence[Look]) -> "Shape":
        """Return the shape of the first, which is kept as it is where all others are the same, upright."""
        first = looks[0]
        width, height = first.size if first.rotation % 180 == 0 else first.size[::-1]
        even = (max(2, width // 2 * 2), max(2, height // 2 * 2))
        alike = len({(look.size, look.rotation, look.aspect, look.pixels, look.colour) for look in looks}) == 1
        if not alike or first.is_beyond_screens:
            return cls(even, "yuv420p", Fraction(1), _PLAIN, mixed=True)
        formats = {format_.name for format_ in Codec("libx264", "w").video_formats or ()}
        aspect = first.aspect if first.rotation % 180 == 0 else 1 / first.aspect
        return cls(even, first.pixels if first.pixels in formats else "yuv420p", aspect, first.colour)


class EncodedVideo:
    """The video stream of a clip that is encoded anew, one cut after another.

    Args:
        container: that is written.
        cuts: of recordings of any looks.
        looks: of each cut's recording.
        begin: hears where the first frame lies in its recording, in seconds, before anything is written.
        step: hears of the seconds that are done, after every frame.
    """

    def __init__(
        self,
        container: OutputContainer,
        cuts: Sequence[Cut],
        looks: Sequence[Look],
        begin: Callable[[float], None],
        step: Callable[[float], None],
    ) -> None:
        self._container, self._cuts, self._looks = container, cuts, looks
        self._begin, self._step = begin, step
        self._shape = shape = Shape.of(looks)
        bases = {look.time_base for look in looks}
        self._base = bases.pop() if len(bases) == 1 else TICK
        rate = looks[0].frame_rate
        self._stream = add_h264(container, rate, shape.size, _OPTIONS, pixels=shape.pixels, time_base=self._base)
        coded = self._stream.codec_context
        coded.sample_aspect_ratio = shape.aspect
        coded.color_primaries, coded.color_trc, coded.colorspace, coded.color_range = shape.colour
        audible = next((cut for cut, look in zip(cuts, looks, strict=True) if look.sound), cuts[0])
        self._sound = SoundTrack(container, audible.path, copied=())
        self._fitter: tuple[object, Graph] | None = None
        self._aspect = Fraction(1)  # of the pixels of the recording that is read
        self._last = -1  # ticks of the last frame
        self._reformatter = VideoReformatter()

    def write(self) -> tuple[ClipPiece, ...]:
        """Encode all cuts.

        Raises:
            MediaError: a recording cannot be read, or has no frame there.
        """
        pieces: list[ClipPiece] = []
        at = 0.0
        for cut, look in zip(self._cuts, self._looks, strict=True):
            pieces.append(self._write_cut(cut, look, at))
            at += pieces[-1].length
        self._container.mux(self._stream.encode(None))
        if self._sound.output is not None and not self._sound.copied:
            self._sound.be_silent_until(at)
        self._sound.finish()
        return tuple(pieces)

    def _write_cut(self, cut: Cut, look: Look, at: float) -> ClipPiece:
        decoder = PictureDecoder(cut.path, look.frame_rate, encoding_threads())
        usual = 1 / look.frame_rate if look.frame_rate >= 1 else _USUAL_LENGTH
        self._aspect = look.aspect
        try:
            pictures = _around(decoder, cut)
            current = next(pictures, None)
            if current is None:
                raise MediaError("None of its frames can be decoded there; choose another moment.")
            start = end = current[0]
            if at == 0:
                self._begin(start)
            with SoundWriter(cut.path, self._sound, (start, cut.end), at) as sound:
                while current is not None:
                    time, following = current[0], next(pictures, None)
                    end = min(time + usual if following is None else following[0], max(cut.end, time + TOLERANCE))
                    sound.write_until(time)
                    self._encode(current[1], at + time - start, end - time)
                    self._step(at + time - start)
                    current = following if following and in_span(following[0], (start, cut.end)) else None
                sound.write_until(math.inf)
        finally:
            decoder.close()
        return ClipPiece(start, max(end, self._sound.reached - at + start), at)

    def _encode(self, picture: VideoFrame, time: float, length: float) -> None:
        frame = self._fitted(picture)
        ticks = round(Fraction(time).limit_denominator(10**9) / self._base)
        if frame is None or ticks <= self._last:
            return
        self._last = ticks
        frame.pts, frame.time_base = ticks, self._base
        frame.duration = max(1, round(Fraction(length) / self._base))
        frame.pict_type = 0  # the recording's own key frames mean nothing here
        self._container.mux(self._stream.encode(frame))

    def _fitted(self, picture: VideoFrame) -> VideoFrame | None:
        """Return a frame of the clip's shape, the same one where it has it, or None where it is too damaged."""
        turns = quarter_turns(picture)
        if is_beyond_screens(picture):
            picture = self._for_screens(picture)
        shape = self._shape
        same = (picture.width, picture.height) == shape.size and picture.format.name == shape.pixels
        if same and not turns and not shape.mixed:
            return picture
        kind = (picture.width, picture.height, picture.format.name, turns)
        try:
            if self._fitter is None or self._fitter[0] != kind:
                self._fitter = (kind, self._filters(picture, turns))
            graph = self._fitter[1]
            graph.vpush(picture)
            return graph.vpull()
        except (FFmpegError, ValueError):
            self._fitter = None
            return None

    def _for_screens(self, picture: VideoFrame) -> VideoFrame:
        """Return a picture of high dynamic range as screens show it: in H.264, many refuse the original."""
        signal = self._reformatter.reformat(picture, picture.width, picture.height, "rgb48le").to_ndarray()
        shown = VideoFrame.from_ndarray(tone_mapped(np.asarray(signal, np.uint16), picture.color_trc), "rgb24")
        shown.pts, shown.time_base = picture.pts, picture.time_base
        return shown

    def _filters(self, picture: VideoFrame, turns: int) -> Graph:
        (width, height), shape = self._shape.size, self._shape
        graph = Graph()
        nodes = [
            graph.add_buffer(
                width=picture.width, height=picture.height, format=picture.format, time_base=picture.time_base
            )
        ]
        if self._aspect != 1 and shape.aspect == 1:
            nodes.append(graph.add("scale", f"{max(2, round(picture.width * self._aspect))}:{picture.height}"))
        if turns:
            nodes += [graph.add("transpose", part) for part in _TRANSPOSE[turns].split(",transpose=")]
        fit = f"{width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"
        if shape.mixed:
            matrix = _MATRICES.get(picture.colorspace, "bt601")
            fit += f":in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv"
        nodes += [
            graph.add("scale", fit),
            graph.add("pad", f"{width}:{height}:(ow-iw)/2:(oh-ih)/2"),
            graph.add("setsar", f"{shape.aspect.numerator}/{shape.aspect.denominator}"),
            graph.add("format", shape.pixels),
            graph.add("buffersink"),
        ]
        graph.link_nodes(*nodes).configure()
        return graph


def _around(decoder: PictureDecoder, cut: Cut) -> Iterator[Picture]:
    """Yield the pictures of a cut, and the one after it, which tells how long the last one stays.

    Where the first comes late, as in a slide show, the one before stands for the beginning.
    """
    before: Picture | None = None
    begun = False
    for picture in forward_only(decoder.pictures(PacketGate(cut.start))):
        time = picture[0]
        if time + TOLERANCE < cut.start:
            before = picture
            continue
        if not begun and before is not None and time - cut.start > _LATE:
            yield cut.start, before[1]
        begun = True
        yield picture
        if time >= cut.end:
            return
    if not begun and before is not None:
        yield cut.start, before[1]
