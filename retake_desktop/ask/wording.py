"""How plans, stages and answers are told."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QLocale

from retake_core.display import clock
from retake_core.protocol.question_events import QuestionPlan
from retake_core.protocol.question_outcome import AnswerState
from retake_desktop.ask.exchange import Exchange
from retake_desktop.common.wording import number, size


def plan(planned: QuestionPlan) -> str:
    """Say on one line what a question takes."""
    if planned.from_memory:
        return _tr("This video is remembered, so the answer comes at once.")
    parts = [
        _tr("1 frame") if planned.frames == 1 else _tr("{count} frames").format(count=number(planned.frames)),
        _tr("{kept} of {all} tokens kept").format(
            kept=thousands(planned.kept_tokens), all=thousands(planned.visual_tokens)
        ),
        size(planned.peak_bytes),
    ]
    if planned.seconds is not None:
        parts.append(about(planned.seconds))
    return ", ".join(parts)


def more(planned: QuestionPlan) -> str:
    """Say more of a plan, for a tip."""
    lines = [_tr("Model: {name}").format(name=planned.model)]
    if planned.lowered:
        lines.append(_tr("Less than was asked for, so that it fits the free memory."))
    if planned.seconds is None:
        lines.append(_tr("How long it takes is known after the first question."))
    return "\n".join(lines)


def stage(exchange: Exchange) -> str:
    """Say what is being done."""
    if exchange.progress is not None:
        done, total = exchange.progress
        return _tr("Reading frame {done} of {total}").format(done=number(done), total=number(total))
    match exchange.stage:
        case "search":
            return _tr("Looking for moments")
        case "model":
            return _tr("Loading the model")
        case "load":
            return _tr("Loading what is remembered of the video")
        case "read":
            return _tr("Reading the video")
        case "answer":
            return _tr("Answering")
        case _:
            return _tr("Preparing")


def note(exchange: Exchange) -> str:
    """Say what the user should know beside the answer."""
    lines = list(exchange.notices)
    match exchange.state:
        case AnswerState.FAILED | AnswerState.MOMENTS:
            lines.append(exchange.reason)
        case AnswerState.STOPPED:
            lines.append(_tr("You stopped this answer."))
        case AnswerState.ASKED if not exchange.running:
            lines.append(_tr("This answer was cut off. Ask again to get it."))
        case AnswerState.ANSWERED if not exchange.answer.strip():
            lines.append(_tr("The model gave no answer."))
        case AnswerState.ANSWERED if exchange.can_go_on:
            lines.append(_tr("The answer was cut at its limit."))
    doubt = _tr("It says {time}, but the evidence does not show it.")
    lines += [doubt.format(time=time.text) for time in exchange.written if not time.supported]
    return "\n".join(line for line in lines if line)


def account(exchange: Exchange) -> str:
    """Say what an answer took."""
    measured = exchange.measured
    if measured is None:
        return ""
    parts = [
        _tr("{kept} of {all} tokens").format(
            kept=thousands(measured.tokens_kept), all=thousands(measured.tokens_read)
        ),
        size(measured.kv_bytes),
        _tr("{seconds} s").format(seconds=QLocale().toString(measured.seconds, "f", 1)),
    ]
    if measured.from_memory:
        parts.append(_tr("from memory"))
    return "  ·  ".join(parts)


def as_text(exchange: Exchange, names: Mapping[int, str]) -> str:
    """Write a question, its answer and the times that it rests on as plain text."""
    lines = [exchange.question, "", exchange.answer.strip() or exchange.reason]
    if exchange.citations:
        lines += ["", _tr("Sources:")]
        for cited in exchange.citations:
            name = names.get(cited.video_id, "")
            lines.append(f"{clock(cited.time)}  {name}".rstrip())
    return "\n".join(lines) + "\n"


def thousands(count: int) -> str:
    """Write a number of tokens shortly."""
    return number(count) if count < 10_000 else _tr("{count}k").format(count=number(round(count / 1000)))


def about(seconds: float) -> str:
    """Write how long something may take."""
    if seconds < 1.5:
        return _tr("about a second")
    if seconds < 90:
        return _tr("about {seconds} s").format(seconds=round(seconds))
    return _tr("about {minutes} min").format(minutes=round(seconds / 60))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ask", text)
