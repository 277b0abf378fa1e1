"""`retake ask`."""

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, command
from retake_core.cli.moments import describe_moments
from retake_core.cli.options import FRAMES, KEEP_RATIO, LOCAL, MODEL, THOROUGH, WORDS, written
from retake_core.cli.show.text import Document
from retake_core.cluster.service import answerer_at
from retake_core.library.database import Database
from retake_core.protocol.question_outcome import AnswerState, QuestionOutcome
from retake_core.protocol.requests import Ask
from retake_core.system.files import absolute

if TYPE_CHECKING:
    from retake_core.questions.answerer import Answerer


@command
@click.argument("question", type=written)
@click.option(
    "--video",
    "names",
    multiple=True,
    help="Ask about this video (a path, a file name or an id), not about the library; give it again for several.",
)
@click.option("--folder", type=click.Path(path_type=Path), help="Only videos in this folder.")
@MODEL
@FRAMES
@KEEP_RATIO
@WORDS
@THOROUGH
@click.option("--max-tokens", type=click.IntRange(min=1), default=512, show_default=True, help="Of the answer.")
@click.option(
    "--cluster",
    "cluster_address",
    default=LOCAL,
    metavar="ADDRESS|local",
    help="Where the model is: on a computer of a cluster, or on this one.",
)
def ask(
    context: Context,
    question: str,
    names: tuple[str, ...],
    folder: Path | None,
    model: str | None,
    frames: int,
    keep_ratio: float | None,
    words: bool,
    thorough: bool,
    max_tokens: int,
    cluster_address: str,
) -> None:
    """Answer QUESTION about a video, or about the moments of several or of the library that match it.

    The answer goes into the history, as the window's do.
    """
    from retake_core.cli.show.answers import AnswerView, print_answer
    from retake_core.library.catalog import find_video
    from retake_core.questions.service import QuestionService

    with context.library() as database:
        with database.reading() as connection:
            video_ids = tuple(dict.fromkeys(find_video(connection, name).id for name in names))
        request = Ask(
            id=0,
            question=question,
            video_id=video_ids[0] if len(video_ids) == 1 else None,
            video_ids=video_ids if len(video_ids) > 1 else (),
            folder=None if folder is None else os.fspath(absolute(folder)),
            frames=frames,
            keep_ratio=keep_ratio,
            model=model,
            max_tokens=max_tokens,
            words=words,
            thorough=thorough,
        )
        view, cancel = AnswerView(question, context.as_json), CancelToken()
        # In this order: Ray takes signals for itself when it connects.
        with (
            _answerer(context, cluster_address) as answerer,
            view.shown() as tell,
            cancel_on_signal(cancel, at_once=lambda: view.is_loading),
        ):
            service = QuestionService(database, context.data_dir, context.search_encoder(), answerer)
            service.ask(request, cancel, tell)
        document = _answer_document(context, database, view.outcome)
    context.show(document, print_answer)


def _answerer(context: Context, address: str) -> "AbstractContextManager[Answerer | None]":
    """Return what answers on a cluster; None stands for this computer."""
    return nullcontext() if address == LOCAL else answerer_at(context.data_dir, address)


def _answer_document(context: Context, database: Database, outcome: QuestionOutcome) -> Document:
    from retake_core.cli.show.answers import answer_document
    from retake_core.library.catalog import videos_by_id
    from retake_core.questions.cited_pictures import write_pictures

    moments = describe_moments(database, outcome.moments)
    if outcome.state is AnswerState.MOMENTS:
        return answer_document(outcome, moments, remedy=_remedy() if outcome.without_model else "")
    with database.reading() as connection:
        cited = {cited.video_id for cited in outcome.citations} | {line.video_id for line in outcome.lines}
        videos = videos_by_id(connection, cited)
        pictures = write_pictures(connection, context.data_dir.citations, outcome.citations)
    return answer_document(outcome, moments, videos, pictures)


def _remedy() -> str:
    """Say how to get a model that answers."""
    from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
    from retake_core.videollm.supported import cached_videollms

    model = next(iter(cached_videollms()), None)
    if model is not None:
        return f"{model} is on this computer: add --model {model}, or choose it: retake models use {model}"
    model = RECOMMENDED_VIDEOLLM
    return f"For an answer get a model: retake models download {model}; then choose it: retake models use {model}"
