"""Stands in for `retake_core.questions.service`: answers at once, stalls in the stage that it is told, or dies."""

import os
import signal

import msgspec

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.keyframes import keyframes
from retake_core.protocol import answers, requests
from retake_core.protocol.question_events import (
    Cited,
    CitedLine,
    FramesRead,
    Measured,
    PlanMade,
    QuestionPlan,
    SecondLookPlan,
    SourcesFound,
    Stage,
    StageBegun,
    WordsGiven,
    WrittenTime,
    Wrote,
)
from retake_core.protocol.question_outcome import AnswerState
from retake_core.questions.history_record import AnswerRecord, TellEvent

PLAN = QuestionPlan(
    "script", 1024, 147_456, 36_000, 0.25, 9_800_000_000, 40.0, False, False, words=WordsGiven(12, 3, 400)
)
THOROUGH = msgspec.structs.replace(PLAN, second=SecondLookPlan(64, 4.0, 672, 20.0))
STAGES: tuple[Stage, ...] = ("model", "load", "read", "answer")
TIME = 12.5  # seconds; what every answer cites
LINE = "It was a <b>green</b> day & we went out, as far as one can go on such a day and even further than that"


class QuestionService:
    def __init__(self, database: Database, *_: object) -> None:
        self._database = database

    def plan(self, request: requests.Plan, cancel: CancelToken) -> answers.PlanReady:
        cancel.check()
        if request.video_id is None and not request.question:
            return answers.PlanReady(id=request.id, model="script")
        return answers.PlanReady(id=request.id, model="script", plan=THOROUGH if request.thorough else PLAN)

    def ask(self, request: requests.Ask, cancel: CancelToken, tell: TellEvent) -> answers.JobDone:
        record = AnswerRecord(self._database, request, tell)
        computer = "WORKSTATION" if request.question == "elsewhere" else ""
        record.take(PlanMade(msgspec.structs.replace(PLAN, computer=computer)))
        try:
            for stage in STAGES:
                record.take(StageBegun(stage))
                if stage == "read":
                    record.take(FramesRead(512, 1024))
                while request.question == stage:
                    cancel.sleep(1.0)
        except Cancelled:
            record.end(AnswerState.STOPPED)
            raise
        if request.continues is not None:
            record.take(Wrote(" It goes on."))
            record.take(self._sources(request))
            record.take(Measured(True, 1024, 147_456, 36_000, 1_840_000_000, 3, 1.5))
            record.end()
            return answers.JobDone(id=request.id)
        record.take(Wrote("It is <b>green</b> at "))
        if request.question == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        record.take(Wrote("0:12, not at 0:29."))
        record.take(self._sources(request))
        record.take(
            Measured(False, 1024, 147_456, 36_000, 1_840_000_000, 9, 41.5, cut=request.question == "all of it")
        )
        record.end()
        return answers.JobDone(id=request.id)

    def rest(self) -> None:
        pass

    def _sources(self, request: requests.Ask) -> SourcesFound:
        with self._database.reading() as connection:
            video = request.video_id or next(
                v.id for v in catalog.videos(connection) if v.path.name == "short.mp4"
            )
            frames = keyframes(connection, video)
        shown = max((frame for frame in frames if frame.time <= TIME), key=lambda frame: frame.time)
        confirmed = (True, False) if request.thorough else (None, None)
        return SourcesFound(
            (
                Cited(video, shown.id, TIME, 11.0, 14.0, 0.7, confirmed[0]),
                Cited(video, frames[0].id, 2.0, 1.0, 3.0, 0.2, confirmed[1]),
            ),
            (
                WrittenTime("0:12", TIME, True, video, shown.id),
                WrittenTime("0:29", 29.0, False, video, None),
            ),
            (CitedLine(video, 6.0, 8.0, LINE), CitedLine(video, 7.0, 7.5, "A&B", on_screen=True)),
        )
