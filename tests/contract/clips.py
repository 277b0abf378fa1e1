"""Small videos made with ffmpeg, whose every frame carries its number, and what is true of them."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.contract.barcode import draw

RATE = 25
COUNT = 75


Frames = tuple[tuple[float, int], ...]
"""(seconds from the container's start, number) of every frame that a player shows."""


@dataclass(frozen=True)
class Clip:
    """A video and the truth about it.

    Attributes:
        path: the file.
        frames: what it shows, and when.
        width: pixels as shown.
        height: pixels as shown.
        rotation: degrees clockwise in its metadata.
    """

    path: Path
    frames: Frames
    width: int = 128
    height: int = 96
    rotation: int = 0


Builder = Callable[[Path], Clip]
BUILDERS: dict[str, Builder] = {}


def regular(count: int = COUNT, first: int = 0, offset: float = 0.0) -> Frames:
    """Return the truth of frames at a constant rate, numbered from `first`, which is at `offset` seconds."""
    return tuple((n / RATE + offset, n + first) for n in range(count))


def ffmpeg(options: str, output: Path, source: Path | None = None, stdin: bytes = b"") -> None:
    """Run ffmpeg with options, in which IN stands for the source."""
    words = [str(source) if word == "IN" else word for word in options.split()]
    command = ["ffmpeg", "-v", "error", "-y", *words, str(output)]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr.decode(errors='replace')}")


@dataclass(frozen=True)
class Recipe:
    """How to encode numbered frames with ffmpeg.

    Attributes:
        name: of the file, with the extension that chooses the container.
        options: of ffmpeg, after the input.
        width: pixels as coded.
        height: pixels as coded.
        count: frames.
        extra: more inputs, before the options.
        shown_width: pixels, where it differs because pixels are not square.
    """

    name: str
    options: str
    width: int = 128
    height: int = 96
    count: int = COUNT
    extra: str = ""
    shown_width: int = 0

    def encode(self, folder: Path) -> Path:
        """Make the file."""
        path = folder / self.name
        raw = f"-f rawvideo -pix_fmt rgb24 -s {self.width}x{self.height} -r {RATE} -i pipe:0"
        pictures = (draw(number, self.width, self.height) for number in range(self.count))
        ffmpeg(
            f"{raw} {self.extra} -threads 1 {self.options}",
            path,
            stdin=b"".join(picture.tobytes() for picture in pictures),
        )
        return path

    def __call__(self, folder: Path) -> Clip:
        """Make the file, of which the truth is plain: a constant rate from 0:00."""
        return Clip(self.encode(folder), regular(self.count), self.shown_width or self.width, self.height)


X264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 25 -bf 3"
X265 = (
    "-c:v libx265 -preset ultrafast -pix_fmt yuv420p"
    " -x265-params log-level=none:pools=none:frame-threads=1:keyint=25:bframes=3"
)
PYRAMID = "bframes=8:rc-lookahead=20:b-adapt=0:b-pyramid=1"
VP9 = (
    "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p -g 25 -b:v 400k"
    " -auto-alt-ref 1 -lag-in-frames 8"
)
AV1 = "-c:v libsvtav1 -preset 12 -crf 30 -g 25 -pix_fmt yuv420p -svtav1-params lp=1"
# White is as bright as the format's peak: then it stays white when a screen shows it.
HDR = (
    "-vf zscale=tin=709:min=gbr:pin=709:rin=full:t={0}:m=2020_ncl:p=2020:r=tv:npl=1000,format=yuv420p10le"
    f" {X265} -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc {{0}} -colorspace bt2020nc"
)
TONE = "-f lavfi -i sine=duration=3"

for recipe in (
    Recipe("h264.mp4", X264),
    Recipe("h264.mov", X264),
    Recipe("h264.mkv", X264),
    Recipe("h264.ts", f"{X264} -muxdelay 0"),
    Recipe("h264.flv", X264),
    Recipe("h264_sound.mp4", f"{X264} -c:a aac", extra=TONE),
    Recipe("h264_index_first.mp4", f"{X264} -movflags faststart"),
    Recipe("h264_one_group.mp4", f"{X264} -g 1000 -keyint_min 1000 -sc_threshold 0"),
    Recipe("h264_one_group.ts", f"{X264} -g 1000 -keyint_min 1000 -sc_threshold 0 -muxdelay 0"),
    Recipe("h264_intra.mp4", f"{X264} -g 1"),
    Recipe("h264_10bit.mp4", f"{X264} -pix_fmt yuv420p10le"),
    Recipe("h264_444.mp4", f"{X264} -pix_fmt yuv444p"),
    Recipe("h264_full_range.mp4", f"{X264} -vf scale=out_range=full -pix_fmt yuvj420p"),
    Recipe("h264_bt709.mp4", f"{X264} -vf scale=out_color_matrix=bt709 -colorspace bt709"),
    Recipe("h264_open_group.mp4", f"{X264} -x264-params open-gop=1:scenecut=0"),
    Recipe("h264_open_group.mkv", f"{X264} -x264-params open-gop=1:scenecut=0"),
    Recipe("h264_open_group.ts", f"{X264} -x264-params open-gop=1:scenecut=0 -muxdelay 0"),
    Recipe("h264_pyramid.mp4", f"{X264} -bf 8 -b_strategy 0 -x264-params b-pyramid=normal"),
    Recipe("h264_open_pyramid.mp4", f"{X264} -bf 8 -b_strategy 0 -x264-params b-pyramid=normal:open-gop=1"),
    Recipe("h264_interlaced.mp4", f"{X264} -flags +ildct+ilme"),
    Recipe("h264_refresh.mp4", f"{X264} -bf 0 -x264-params intra-refresh=1:keyint=15"),
    Recipe("h264_refresh.ts", f"{X264} -bf 0 -x264-params intra-refresh=1:keyint=15 -muxdelay 0"),
    Recipe("h264_fragments.mp4", f"{X264} -movflags frag_keyframe+empty_moov+default_base_moof"),
    Recipe("h264_no_duration.mkv", f"{X264} -live 1"),
    Recipe("h264_portrait.mp4", X264, width=96, height=128),
    Recipe("h264_wide_pixels.mp4", f"{X264} -aspect 16:6", shown_width=256),
    Recipe("hevc.mp4", f"{X265} -tag:v hvc1"),
    Recipe("hevc.mkv", X265),
    Recipe("hevc.ts", f"{X265}:open-gop=0 -muxdelay 0"),
    Recipe("hevc_pyramid.mp4", f"{X265}:{PYRAMID} -tag:v hvc1"),
    Recipe("hevc_open_pyramid.ts", f"{X265}:{PYRAMID}:open-gop=1 -muxdelay 0"),
    Recipe("hevc_layers.mp4", f"{X265}:b-adapt=0:temporal-layers=1 -tag:v hvc1"),
    Recipe("hevc_layers.ts", f"{X265}:b-adapt=0:temporal-layers=1:open-gop=0 -muxdelay 0"),
    Recipe("hevc_10bit.mp4", f"{X265} -pix_fmt yuv420p10le"),
    Recipe("hevc_hlg.mp4", f"{HDR.format('arib-std-b67')} -tag:v hvc1"),
    Recipe("hevc_pq.mkv", HDR.format("smpte2084")),
    Recipe("vp8.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -g 25 -b:v 400k"),
    Recipe("vp9.webm", VP9),
    Recipe("vp9.mp4", VP9),
    Recipe("vp9_odd.webm", VP9, width=127, height=95),
    Recipe("vp9_10bit.webm", f"{VP9} -pix_fmt yuv420p10le"),
    Recipe("av1.mp4", AV1),
    Recipe("av1.mkv", AV1),
    Recipe("mpeg4.mp4", "-c:v mpeg4 -bf 2 -g 25 -q:v 3"),
    Recipe("mpeg4.mkv", "-c:v mpeg4 -bf 2 -g 25 -q:v 3"),
    Recipe("mpeg2.ts", "-c:v mpeg2video -bf 2 -g 15 -q:v 3 -muxdelay 0"),
    Recipe("mpeg2.mpg", "-c:v mpeg2video -bf 2 -g 15 -q:v 3 -f vob"),
    Recipe("mpeg2_fields.ts", "-c:v mpeg2video -bf 2 -g 15 -q:v 3 -flags +ildct+ilme -top 1 -muxdelay 0"),
    Recipe("mpeg2_fields.mkv", "-c:v mpeg2video -bf 2 -g 15 -q:v 3 -flags +ildct+ilme -top 0"),
    Recipe("transparent.mov", "-c:v qtrle -pix_fmt argb"),
    Recipe("transparent_prores.mov", "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le"),
    Recipe(
        "transparent_vp8.webm", "-c:v libvpx -deadline realtime -g 25 -b:v 400k -auto-alt-ref 0 -pix_fmt yuva420p"
    ),
    Recipe("transparent_vp9.webm", f"{VP9} -pix_fmt yuva420p"),
    Recipe("tracks.mkv", f"-map 1 -map 2 -map 0 {X264} -c:a pcm_s16le", extra=f"{TONE} {TONE}"),
    Recipe("tracks.mp4", f"-map 0 -map 1 -map 2 {X264} -c:a aac -disposition:a:1 default", extra=f"{TONE} {TONE}"),
    Recipe("mjpeg.avi", "-c:v mjpeg -pix_fmt yuvj420p -q:v 3"),
    Recipe("mjpeg_odd.avi", "-c:v mjpeg -pix_fmt yuvj422p -q:v 3", width=127, height=95),
    Recipe("wmv2.wmv", "-c:v wmv2 -g 25 -q:v 3"),
    Recipe("theora.ogv", "-c:v libtheora -g 25 -q:v 8"),
    Recipe("prores.mov", "-c:v prores_ks -profile:v 0", width=128, height=96),
    Recipe("gif.gif", "-vf split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none"),
    Recipe("one_frame.mp4", X264, count=1),
    Recipe("h264.h264", X264),
):
    BUILDERS[recipe.name] = recipe
