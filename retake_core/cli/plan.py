"""`retake plan`."""

from typing import TYPE_CHECKING

import click

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, command
from retake_core.cli.options import FRAMES, KEEP_RATIO, LOCAL, MODEL, THOROUGH, WORDS
from retake_core.cluster.service import plans_at
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.protocol.question_events import QuestionPlan
from retake_core.protocol.requests import Plan

if TYPE_CHECKING:
    from retake_core.questions.answerer import Answerer


@command
@click.option("--video", required=True, help="The video: a path, a file name or an id.")
@MODEL
@FRAMES
@KEEP_RATIO
@WORDS
@THOROUGH
@click.option(
    "--cluster",
    "cluster_address",
    default=LOCAL,
    metavar="ADDRESS|local",
    help="What it takes on each computer of a cluster, or on this one.",
)
def plan(
    context: Context,
    video: str,
    model: str | None,
    frames: int,
    keep_ratio: float | None,
    words: bool,
    thorough: bool,
    cluster_address: str,
) -> None:
    """Tell what a question about a video will take, on this computer or on others, before it runs."""
    from retake_core.cli.show.plans import plan_document, plans_document, print_plan, print_plans
    from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
    from retake_core.library.catalog import find_video
    from retake_core.questions.asked_video import AskedVideo
    from retake_core.questions.service import QuestionService

    if model is None and context.settings().model is None:
        raise UserError(
            f"Name a VideoLLM: --model DIR_OR_ID, or get one with: retake models download {RECOMMENDED_VIDEOLLM}"
        )
    with context.library() as database:
        with database.reading() as connection:
            entry = find_video(connection, video)
            AskedVideo.of(connection, entry)  # what is wrong with it is told once, not by each computer
        request = Plan(
            id=0,
            video_id=entry.id,
            frames=frames,
            keep_ratio=keep_ratio,
            model=model,
            words=words,
            thorough=thorough,
        )
        cancel = CancelToken()

        def plan_with(answerer: "Answerer | None") -> QuestionPlan:
            service = QuestionService(database, context.data_dir, context.search_encoder(), answerer)
            ready = service.plan(request, cancel)
            if ready.plan is None:
                raise UserError(ready.reason)
            return ready.plan

        name = readable(entry.path)
        if cluster_address == LOCAL:
            made = plan_with(None)
            context.show(plan_document(made) | {"video": name, "model": made.model}, print_plan)
        else:
            with cancel_on_signal(cancel):
                plans = plans_at(context.data_dir, cluster_address, plan_with, cancel)
            context.show(plans_document(plans, name), print_plans)
