"""The tool that writes: a clip, into the one folder that the user named for it."""

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.mcp_server import arguments, results
from retake_core.mcp_server.engine import Engine, Progress
from retake_core.mcp_server.looking import Outcome
from retake_core.mcp_server.scope import visible_video
from retake_core.protocol.export_order import SUFFIXES, Note, NoteKind, Order, Wanted
from retake_core.protocol.indexing_events import CopyProgress
from retake_core.protocol.requests import Export

REMARKS: dict[NoteKind, str] = {
    "starts earlier": "It begins {value:.1f} s earlier, at the recording's key frame; ask for an exact one.",
    "encoded": "It was encoded anew: this recording cannot be cut by copying.",
    "tone-mapped": "Its high dynamic range became what every screen shows.",
    "without subtitles": "The recording's subtitles are left out.",
    "without other sound": "Only the recording's first sound is in it.",
    "without data": "Other streams of the recording, such as its own data, are left out.",
}


def cut_clip(engine: Engine, asked: arguments.ClipArguments, cancel: CancelToken, progress: Progress) -> Outcome:
    """Cut a stretch out of a video into a new file, as `retake export clip` does, but without its place."""
    target = target_in(engine.exports, asked.name)
    if asked.end <= asked.start:
        raise UserError("The end must come after the start.")
    with engine.library().database.reading() as connection:
        video = visible_video(connection, asked.video)
    moment = Wanted(video.id, asked.start, asked.start, asked.end)
    order = Order("clip", os.fspath(target), (moment,), exact=asked.exact, place=False)

    def tell(copied: CopyProgress) -> None:
        progress.tell("writing", round(100 * copied.fraction), 100)

    report = engine.export_service().export(Export(id=0, order=order), cancel, tell).report
    (part,) = report.parts
    remarks = tuple(_remark(note) for note in report.notes)
    return Outcome(results.Clip(report.target, report.size, part.start, part.end, remarks))


def target_in(folder: Path | None, name: str) -> Path:
    """Return the path of a new file in the folder for exports.

    Raises:
        UserError: there is no such folder, the name leads out of it, or it is taken.
    """
    if folder is None:
        raise UserError("Clips may not be written; the user can allow it: retake mcp --allow-export DIR")
    # What is a separator or a drive on another system is one here as well.
    if name.startswith(".") or any(kind(name).parts != (name,) for kind in (PurePosixPath, PureWindowsPath)):
        raise UserError("The name of a clip is that of a file, without a folder, such as cake.mp4.")
    if not name.isprintable() or ":" in name:
        raise UserError("The name of a clip holds letters that a file's should not; choose a plain one.")
    target = folder / name
    if target.suffix.lower() not in SUFFIXES["clip"]:
        raise UserError(f"{name} does not say which format is meant; let it end in .mp4, .mov or .mkv.")
    if os.path.lexists(target):  # also a link that leads nowhere
        raise UserError(f"{name} exists already, and nothing is ever replaced; choose another name.")
    return target


def _remark(note: Note) -> str:
    return REMARKS.get(note.kind, note.kind).format(value=note.value)
