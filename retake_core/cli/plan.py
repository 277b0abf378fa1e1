"""`retake plan`."""

import click

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, command
from retake_core.cli.options import FRAMES, KEEP_RATIO, MODEL, THOROUGH, WORDS
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.protocol.requests import Plan


@command
@click.option("--video", required=True, help="The video: a path, a file name or an id.")
@MODEL
@FRAMES
@KEEP_RATIO
@WORDS
@THOROUGH
def plan(
    context: Context,
    video: str,
    model: str | None,
    frames: int,
    keep_ratio: float | None,
    words: bool,
    thorough: bool,
) -> None:
    """Tell what a question about a video will take on this computer, before it runs."""
    from retake_core.cli.show.plans import plan_document, print_plan
    from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
    from retake_core.library.catalog import find_video
    from retake_core.questions.service import QuestionService

    if model is None and context.settings().model is None:
        raise UserError(
            f"Name a VideoLLM: --model DIR_OR_ID, or get one with: retake models download {RECOMMENDED_VIDEOLLM}"
        )
    with context.library() as database:
        with database.reading() as connection:
            entry = find_video(connection, video)
        request = Plan(
            id=0,
            video_id=entry.id,
            frames=frames,
            keep_ratio=keep_ratio,
            model=model,
            words=words,
            thorough=thorough,
        )
        service = QuestionService(database, context.data_dir, context.search_encoder())
        ready = service.plan(request, CancelToken())
    if ready.plan is None:
        raise UserError(ready.reason)
    document = plan_document(ready.plan) | {"video": readable(entry.path), "model": ready.plan.model}
    context.show(document, print_plan)
