"""What workers say, in the language of the window: the sentences in their answers."""

from msgspec.structs import replace

from retake_core.protocol import answers, cluster_events, indexing_events
from retake_desktop.common.engine_sentences import translated


def in_window_language(answer: answers.AnyReply) -> answers.AnyReply:
    """Return an answer whose sentences are translated."""
    match answer:
        case answers.JobFailed():
            return replace(answer, reason=translated(answer.reason))
        case answers.PlanReady():
            return replace(answer, reason=translated(answer.reason), note=translated(answer.note))
        case answers.JobEvent():
            return replace(answer, event=_translated_event(answer.event))
    return answer


def _translated_event(event: answers.AnyEvent) -> answers.AnyEvent:
    match event:
        case indexing_events.Waiting():
            return replace(event, reason=translated(event.reason))
        case indexing_events.Remarked():
            return replace(event, text=translated(event.text))
        case indexing_events.Scanned():
            return replace(event, problems=tuple(map(translated, event.problems)))
        case cluster_events.ComputersSeen():
            return replace(event, computers=tuple(map(_translated_computer, event.computers)))
    return event


def _translated_computer(computer: cluster_events.ComputerStatus) -> cluster_events.ComputerStatus:
    trouble = None if computer.trouble is None else translated(computer.trouble)
    return replace(computer, trouble=trouble)
