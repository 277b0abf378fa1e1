"""How plans, stages and answers are told."""

from collections.abc import Mapping
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QLocale

from retake_core.display import clock
from retake_core.models.catalogue import BY_ID
from retake_core.protocol.question_events import QuestionPlan, SecondLookPlan, WordsGiven
from retake_core.protocol.question_outcome import AnswerState
from retake_desktop.ask.exchange import Exchange
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.wording import about, number, size


def plan(planned: QuestionPlan) -> str:
    """Say what a question takes, on a line for each look."""
    return "\n".join([first_look(planned), *([second_look(planned.second)] if planned.second else [])])


def first_look(planned: QuestionPlan) -> str:
    """Say what reading takes."""
    if planned.from_memory:
        return _tr("This video is remembered, so the answer comes at once.")
    one = planned.frames == 1
    if planned.seconds is None:
        text = _tr("Looks at 1 moment") if one else _tr("Looks at {count} moments")
    else:
        text = _tr("Looks at 1 moment, {time}") if one else _tr("Looks at {count} moments, {time}")
    return text.format(count=number(planned.frames), time=about(planned.seconds or 0))


def second_look(planned: SecondLookPlan) -> str:
    """Say what looking again takes."""
    text = _tr("Then looks again at {count} moments at most")
    if planned.seconds is not None:
        text = _tr("Then looks again at {count} moments at most, {time}")
    return text.format(count=number(planned.frames), time=about(planned.seconds or 0))


def more(planned: QuestionPlan) -> str:
    """Say more of a plan, for a tip."""
    lines = [_tr("Model: {name}").format(name=planned.model)]
    if not planned.from_memory:
        kept, seen = thousands(planned.kept_tokens), thousands(planned.visual_tokens)
        lines.append(_tr("Keeps {kept} of {all} tokens").format(kept=kept, all=seen))
    lines.append(_tr("Takes {size} of memory, the model included").format(size=size(planned.peak_bytes)))
    if planned.words.said or planned.words.screen:
        lines.append(words_given(planned.words))
    if planned.stored_bytes:
        lines.append(_tr("What it remembers takes {size} of disk").format(size=size(planned.stored_bytes)))
    if planned.lowered:
        lines.append(_tr("Less than you asked for, so that it fits the free memory."))
    if planned.seconds is None:
        lines.append(_tr("After the first question it can be said how long one takes."))
    return "\n".join(lines)


def model_title(name: str) -> str:
    """Return what a person calls a model: by its id, or the folder that it lies in."""
    return BY_ID[name].title if name in BY_ID else PurePath(name).name


def stage(exchange: Exchange) -> str:
    """Say what is being done."""
    if exchange.progress is not None:
        done, total = exchange.progress
        return _tr("Looking at moment {done} of {total}").format(done=number(done), total=number(total))
    match exchange.stage:
        case "search":
            return _tr("Looking for moments")
        case "model":
            return _tr("Loading the model")
        case "load":
            return _tr("Loading what is remembered of the video")
        case "read":
            return _tr("Looking at the video")
        case "draft":
            return _tr("Finding out where to look again")
        case "look":
            return _tr("Looking again")
        case "answer":
            return _tr("Answering")
        case _:
            return _tr("Preparing")


def note(exchange: Exchange) -> str:
    """Say what the user should know beside the answer."""
    lines = [translated(notice) for notice in exchange.notices]
    match exchange.state:
        case AnswerState.FAILED | AnswerState.MOMENTS:
            lines.append(translated(exchange.reason))
        case AnswerState.STOPPED:
            lines.append(_tr("You stopped this answer."))
        case AnswerState.ASKED if not exchange.running:
            lines.append(_tr("This answer was cut off. Ask again to get it."))
        case AnswerState.ANSWERED if not exchange.answer.strip():
            lines.append(_tr("The model gave no answer."))
        case AnswerState.ANSWERED if exchange.can_go_on:
            lines.append(_tr("The answer was cut at its limit."))
    doubt = _tr("It mentions {time}, but none of the moments that it is based on shows that.")
    lines += [doubt.format(time=time.text) for time in exchange.written if not time.supported]
    return "\n".join(line for line in lines if line)


def account(exchange: Exchange) -> str:
    """Say in a few words what an answer took."""
    measured = exchange.measured
    if measured is None:
        return ""
    computer = "" if exchange.plan is None else exchange.plan.computer
    if computer:
        read, remembered = (
            _tr("Answered on {computer} in {time}"),
            _tr("Answered from memory on {computer} in {time}"),
        )
    else:
        read, remembered = _tr("Answered in {time}"), _tr("Answered from memory in {time}")
    seconds = max(0.1, measured.seconds)  # nothing takes no time
    time = _tr("{seconds} s").format(seconds=QLocale().toString(seconds, "f", 1))
    return (remembered if measured.from_memory else read).format(computer=computer, time=time)


def account_details(exchange: Exchange) -> str:
    """Say all that an answer took, for a tip."""
    measured = exchange.measured
    if measured is None:
        return ""
    kept, read = thousands(measured.tokens_kept), thousands(measured.tokens_read)
    lines = [_tr("Kept {kept} of {all} tokens").format(kept=kept, all=read)]
    lines.append(_tr("What is kept takes {size}").format(size=size(measured.kv_bytes)))
    if exchange.plan is not None and (exchange.plan.words.said or exchange.plan.words.screen):
        lines.append(words_given(exchange.plan.words))
    return "\n".join(lines)


def words_given(words: WordsGiven) -> str:
    """Say what the model is given of the words of recordings."""
    text = _tr("Lines read along: {said} of what is said, {screen} of what stands on the screen")
    return text.format(said=number(words.said), screen=number(words.screen))


def as_text(exchange: Exchange, names: Mapping[int, str]) -> str:
    """Write a question, its answer and the times that it rests on as plain text."""
    lines = [exchange.question, "", exchange.answer.strip() or translated(exchange.reason)]
    if exchange.citations:
        lines += ["", _tr("Sources:")]
        for cited in exchange.citations:
            name = names.get(cited.video_id, "")
            lines.append(f"{clock(cited.time)}  {name}".rstrip())
    lines += [f"{clock(line.start)}  “{line.text}”" for line in exchange.lines]
    return "\n".join(lines) + "\n"


def thousands(count: int) -> str:
    """Write a number of tokens shortly."""
    return number(count) if count < 10_000 else _tr("{count}k").format(count=number(round(count / 1000)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ask", text)
