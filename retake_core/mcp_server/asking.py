"""The tool that asks: a question to the user's VideoLLM, about videos or about the library."""

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.mcp_server import arguments, results
from retake_core.mcp_server.engine import Engine, Progress
from retake_core.mcp_server.looking import Outcome, found_moments, shown_name, visible
from retake_core.mcp_server.scope import visible_query, visible_video
from retake_core.protocol.question_events import STAGES, FramesRead, QuestionEvent, StageBegun
from retake_core.protocol.question_outcome import AnswerState, QuestionOutcome
from retake_core.protocol.requests import Ask
from retake_core.system.throttle import Throttle


def ask(engine: Engine, asked: arguments.AskArguments, cancel: CancelToken, progress: Progress) -> Outcome:
    """Answer a question, as `retake ask` does; it stands in the history, as the user's own questions do."""
    visible_query(asked.question)
    library = engine.library()
    with library.database.reading() as connection:
        ids = tuple(dict.fromkeys(visible_video(connection, name).id for name in asked.videos))
    request = Ask(
        id=0,
        question=asked.question,
        video_id=ids[0] if len(ids) == 1 else None,
        video_ids=ids if len(ids) > 1 else (),
        max_tokens=asked.max_tokens,
        thorough=asked.thorough,
    )
    outcome, throttle = QuestionOutcome(asked.question), Throttle()

    def take(event: QuestionEvent) -> None:
        outcome.take(event)
        if isinstance(event, StageBegun):
            progress.tell(STAGES[event.stage])
        elif isinstance(event, FramesRead) and throttle.ready():
            progress.tell(f"{STAGES[outcome.stage or 'read']}: {event.frames} of {event.total} frames")

    with library.asking() as questions:
        questions.ask(request, cancel, take)
    outcome.end(AnswerState.ANSWERED)
    return Outcome(_answer(library.database, outcome))


def _answer(database: Database, outcome: QuestionOutcome) -> results.Answer:
    only_moments = outcome.state is AnswerState.MOMENTS
    cited = {each.video_id for each in outcome.citations} | {line.video_id for line in outcome.lines}
    with database.reading() as connection:
        moments = found_moments(connection, outcome.moments)
        names = {
            number: shown_name(video) for number, video in visible(catalog.videos_by_id(connection, cited)).items()
        }
    citations = tuple(
        results.Citation(
            each.video_id,
            names[each.video_id],
            each.time,
            each.start,
            each.end,
            round(each.strength, 4),
            each.confirmed,
            results.picture_of(each.keyframe_id),
        )
        for each in outcome.citations
        if each.video_id in names and not only_moments
    )
    lines = tuple(
        results.CitedWords(line.video_id, names[line.video_id], line.start, line.end, line.text, line.on_screen)
        for line in outcome.lines
        if line.video_id in names
    )
    measured = outcome.measured
    return results.Answer(
        answer=None if only_moments else outcome.answer,
        cut=measured is not None and measured.cut,
        citations=citations,
        lines=lines,
        moments=moments,
        notices=(*outcome.notices, *([outcome.reason] if outcome.reason else [])),
        model=None if outcome.plan is None else readable(outcome.plan.model),
        frames=0 if measured is None else measured.frames,
        from_memory=measured is not None and measured.from_memory,
    )
