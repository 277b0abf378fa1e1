"""The history: what earlier versions of the app wrote reads as it was."""

from sqlalchemy import update

from retake_core.library.database import Database
from retake_core.library.history import Details, begin_message, finish_message, messages
from retake_core.library.schema import message
from retake_core.protocol.question_events import Measured, QuestionPlan, WrittenTime
from retake_core.protocol.question_outcome import AnswerState

EARLIER = (
    b'{"notices":["It is read again."],"written":[{"text":"0:12","seconds":12.5,"supported":true,"video_id":1,'
    b'"keyframe_id":2}],"plan":{"model":"Qwen/Qwen2-VL-2B-Instruct","frames":64,"visual_tokens":4096,'
    b'"kept_tokens":1024,"keep_ratio":0.25,"peak_bytes":9800000000,"seconds":40.5,"from_memory":false,'
    b'"lowered":true},"measured":{"event":"Measured","from_memory":false,"frames":64,"tokens_read":4096,'
    b'"tokens_kept":1024,"kv_bytes":1840000,"answer_tokens":9,"seconds":41.5}}'
)
"""As version 0.1.0 stored it, before plans and accounts had phases."""


def test_an_answer_of_an_earlier_version_reads_as_it_was(database: Database) -> None:
    with database.writing() as connection:
        conversation, number = begin_message(connection, "When?")
        finish_message(connection, number, AnswerState.ANSWERED, "At 0:12.", (), Details())
        connection.execute(update(message).values(details=EARLIER))
    with database.reading() as connection:
        (stored,) = messages(connection, conversation)
    assert (stored.question, stored.answer, stored.state) == ("When?", "At 0:12.", AnswerState.ANSWERED)
    assert stored.details == Details(
        ("It is read again.",),
        (WrittenTime("0:12", 12.5, True, 1, 2),),
        "",
        QuestionPlan("Qwen/Qwen2-VL-2B-Instruct", 64, 4096, 1024, 0.25, 9_800_000_000, 40.5, False, True),
        Measured(False, 64, 4096, 1024, 1_840_000, 9, 41.5),
    )
