"""`retake-desktop --selftest`: tries what an incomplete package breaks first, and prints a line for each.

A library is made for it and deleted again; the user's own is not touched.
"""

from array import array
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import click
from PySide6.QtCore import QEventLoop, QProcess, QTimer, QTranslator
from PySide6.QtGui import QColor, QFontDatabase, QImage

from retake_core.errors import UserError
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.protocol import answers
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.protocol.indexing_events import Indexed, VideoFailed
from retake_core.protocol.question_events import Wrote
from retake_core.system.programs import module_command
from retake_desktop.common.theme import RESOURCES, icon
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.engine.place import Place
from retake_desktop.player.player import EXACT, Player
from retake_desktop.startup.appearance import CHINESE, FONT
from retake_desktop.window.main_window import MainWindow

CLIP = RESOURCES / "selftest.mp4"
NAME = "red circle"  # of the copy that is indexed
BEFORE, CUT = 11.9, 12.0  # seconds of two frames that follow each other: the circle is there from the second on
PLACE = 0.58, 0.6  # of a point in the circle, in widths and heights of the picture
QUESTION, ANSWER = "Which colour was the circle?", "red"
PATIENCE_MS = 120_000  # for one step
LOOK_MS = 50  # from one look at whether something has come about to the next


AnswerT = TypeVar("AnswerT", bound=answers.Reply)


class SelfTestError(Exception):
    """A part does not work."""


class SelfTest:
    """Uses the parts of the app one after the other.

    Args:
        window: of an empty library, in whose settings the demo model answers.
        database: the library's.
        engine: its workers.
        models: the models process.
        videos: an empty folder.
        log: the library's log file.
    """

    def __init__(
        self,
        window: MainWindow,
        database: Database,
        engine: EngineClient,
        models: ModelsClient,
        videos: Path,
        log: Path,
    ) -> None:
        self._window, self._database, self._engine, self._models = window, database, engine, models
        self._clip, self._log = videos / f"{NAME}.mp4", log
        self._video_id = 0
        self._answers: list[answers.AnyReply] = []
        engine.answered.connect(self._answers.append)

    def run(self) -> bool:
        """Try everything, print the results, and return whether all is well."""
        checks = (
            ("library", self._library),
            ("window", self._show_window),
            ("command line", self._command_line),
            ("indexing", self._index),
            ("decoding", self._decode),
            ("player", self._play),
            ("search", self._search),
            ("question", self._ask),
            ("models", self._measure),
        )
        well = [_tell(name, check) for name, check in checks]
        if not all(well):
            click.echo(self._log.read_text("utf-8", errors="replace"), err=True)
        return all(well)

    def _library(self) -> str:
        with self._database.reading() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        _insist(version > 0, "the library has no tables")
        return f"made, and brought to version {version}"

    def _show_window(self) -> str:
        window = self._window
        window.show()
        _insist(FONT in QFontDatabase.families(), f"the font {FONT} is missing")
        _insist(not icon("magnify").pixmap(16).isNull(), "the icons are missing")
        _insist(not window.windowIcon().pixmap(16).isNull(), "the app's icon cannot be drawn")
        loaded = QTranslator().load(f"retake_{CHINESE}", str(RESOURCES / "translations"))
        _insist(loaded, "the translations are missing")
        picture = window.grab()
        _insist(not picture.isNull(), "it cannot be painted")
        return f"painted, {picture.width()} x {picture.height()}, with its font, icons and translations"

    def _command_line(self) -> str:
        program, *arguments = module_command("retake_core.cli")
        process = QProcess()
        process.start(program, [*arguments, "--version"])
        _until(lambda: process.state() == QProcess.ProcessState.NotRunning)
        _insist(process.exitCode() == 0, bytes(process.readAllStandardError().data()).decode(errors="replace"))
        return bytes(process.readAllStandardOutput().data()).decode().strip()

    def _index(self) -> str:
        self._clip.write_bytes(CLIP.read_bytes())
        self._wait_for(self._engine.index(add=(str(self._clip.parent),)), answers.JobDone)
        events = [answer.event for answer in self._answers if isinstance(answer, answers.JobEvent)]
        _insist(not any(isinstance(event, VideoFailed) for event in events), "the clip cannot be indexed")
        indexed = next(event for event in events if isinstance(event, Indexed))
        _insist(indexed.keyframes > 0, "no keyframe was found")
        with self._database.reading() as connection:
            (entry,) = catalog.videos(connection)
        self._video_id = entry.id
        return f"{indexed.keyframes} keyframes of a clip"

    def _decode(self) -> str:
        for time, there in ((BEFORE, False), (CUT, True)):
            answer = self._wait_for(self._engine.still(self._video_id, time), answers.StillReady)
            _insist(_shows_circle(QImage.fromData(answer.jpeg)) == there, f"the frame at {time} s is wrong")
        return f"the frames at {BEFORE} and {CUT} s"

    def _play(self) -> str:
        prepared = self._wait_for(self._engine.prepare(self._video_id, 160), answers.CopyReady)
        times = array("q")
        times.frombytes(Path(prepared.frames).read_bytes())
        shown: list[tuple[QImage, float]] = []
        problems: list[str] = []
        with ExitStack() as ending:
            player = Player()
            ending.callback(player.close)
            player.frame_shown.connect(lambda image, time: shown.append((image, time)))
            player.frame_missed.connect(lambda time: problems.append(f"the frame at {time} s does not come"))
            player.failed.connect(problems.append)
            player.open(self._clip, BEFORE)
            player.set_frames(times)
            for time in (BEFORE, CUT):
                shown.clear()
                player.show_frame(time)
                _until(lambda: problems or shown)
                _insist(not problems, "; ".join(problems))
                _insist(abs(shown[-1][1] - time) <= EXACT, f"it shows {shown[-1][1]} s, not {time} s")
                _insist(_shows_circle(shown[-1][0]) == (time == CUT), f"it shows another frame at {time} s")
            seen = len(shown)
            player.toggle()
            _until(lambda: problems or len(shown) > seen + 2)
            _insist(not problems, "; ".join(problems))
        return f"exactly the frames at {BEFORE} and {CUT} s, and it plays on"

    def _search(self) -> str:
        found = self._wait_for(self._engine.search(NAME), answers.MomentsReady)
        _insist(any(hit.video_id == self._video_id for hit in found.hits), "the clip is not found")
        return "the clip is found"

    def _ask(self) -> str:
        asked = self._engine.ask(Place(self._video_id), QUESTION, MAX_FRAMES, None, None)
        self._wait_for(asked, answers.JobDone)
        events = (
            answer.event for answer in self._answers if isinstance(answer, answers.JobEvent) and answer.id == asked
        )
        answer = "".join(event.text for event in events if isinstance(event, Wrote)).strip()
        _insist(answer == ANSWER, f"the answer is “{answer}”, not “{ANSWER}”")
        return f"“{QUESTION}” “{answer}”"

    def _measure(self) -> str:
        measured: list[str] = []
        failed: list[str] = []
        self._models.measured.connect(lambda found: measured.append(found.device or "the processor"))
        self._models.failed.connect(lambda _, reason: failed.append(reason))
        self._models.measure()
        _until(lambda: measured or failed)
        _insist(not failed, "; ".join(failed))
        return f"they would run on {measured[0]}"

    def _wait_for(self, request: int, kind: type[AnswerT]) -> AnswerT:
        """Wait for the last answer to a request."""

        def last() -> answers.AnyReply | None:
            ended = (a for a in self._answers if a.id == request and not isinstance(a, answers.JobEvent))
            return next(ended, None)

        _until(lambda: last() is not None)
        answer = last()
        if not isinstance(answer, kind):
            raise SelfTestError(answer.reason if isinstance(answer, answers.JobFailed) else repr(answer))
        return answer


def _tell(name: str, check: Callable[[], str]) -> bool:
    try:
        detail, well = check(), True
    except (SelfTestError, UserError) as error:
        detail, well = str(error), False
    except Exception as error:  # whatever is missing in a package, the other checks run
        detail, well = repr(error), False
    click.echo(f"{'ok' if well else 'FAILED':8}{name}: {detail}")
    return well


def _insist(condition: bool, otherwise: str) -> None:
    if not condition:
        raise SelfTestError(otherwise)


def _until(condition: Callable[[], object]) -> None:
    """Let the app work until a condition holds."""
    loop, look, end = QEventLoop(), QTimer(), QTimer()
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    end.timeout.connect(loop.quit)
    look.start(LOOK_MS)
    end.start(PATIENCE_MS)
    loop.exec()
    _insist(bool(condition()), "it took too long")


def _shows_circle(image: QImage) -> bool:
    colour = QColor(image.pixel(round(PLACE[0] * image.width()), round(PLACE[1] * image.height())))
    return colour.red() > colour.green() + 80
