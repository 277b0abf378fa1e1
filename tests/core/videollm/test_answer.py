"""A question from the file to the citations, and again from memory."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, UserError
from retake_core.media.decoders.choice import open_source
from retake_core.media.frames import Frame
from retake_core.media.video_info import Span, VideoInfo
from retake_core.videollm.answer import ModelId, VideoSource, ask, memory_key, recall
from retake_core.videollm.events import AnswerPiece, Citations, Notice, Phase, ReadProgress, Stats, VideoLLMEvent
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.vision import Features
from retake_core.videollm.generate import GenerationLimits, choose, stream_text
from retake_core.videollm.memory.last import LastMemory
from retake_core.videollm.memory.quantise import MemoryPrecision
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.planner import Recording, make_plan
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.reading import Reading, lowered
from tests.support import tiny
from tests.support.fakes import make_clip

MODEL = ModelId("tiny", "1")
SHORT = GenerationLimits(max_tokens=6)


class Decoder:
    """Twenty frames, and a note of whether the file was closed."""

    info = VideoInfo(5.0, 32, 24, 0, "h264", "mp4", 30.0, 0.0, 1, None)

    def __init__(self) -> None:
        self.closed = False

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        assert spans is None
        return tiny.tiny_frames(20, rate)

    def frame_at(self, time: float) -> Frame:
        raise NotImplementedError(time)

    def close(self) -> None:
        self.closed = True


class Video:
    """A source that counts how often it was opened."""

    def __init__(self, fingerprint: str = "video") -> None:
        self.decoders: list[Decoder] = []
        self.source = VideoSource(fingerprint, self.open, keyframes=[0.0, 2.0, 4.0])

    def open(self) -> Decoder:
        self.decoders.append(Decoder())
        return self.decoders[-1]


def run(
    family: Family, video: Video, store: MemoryStore | None, question: str = "What is it?"
) -> list[VideoLLMEvent]:
    reading = tiny.tiny_reading(keep_ratio=0.5)
    return list(ask(family, MODEL, video.source, question, reading, store, CancelToken(), SHORT))


def text_of(events: list[VideoLLMEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerPiece))


def stats_of(events: list[VideoLLMEvent]) -> Stats:
    assert isinstance(events[-1], Stats)
    return events[-1]


@pytest.mark.parametrize("precision", ["full", "8bit", "4bit"])
def test_the_second_question_comes_from_memory_with_the_same_answer(
    family: Family, tmp_path: Path, precision: MemoryPrecision
) -> None:
    video, store = Video(), MemoryStore(tmp_path, precision=precision)
    first = run(family, video, store)
    assert [event.name for event in first if isinstance(event, Phase)] == ["load", "read", "answer"]
    assert [event.total for event in first if isinstance(event, ReadProgress)] == [20, 20, 20]
    assert all(decoder.closed for decoder in video.decoders)
    second = run(family, video, store)
    assert [event.name for event in second if isinstance(event, Phase)] == ["load", "answer"]
    assert len(video.decoders) == 1
    assert text_of(second) == text_of(first)
    assert [e for e in second if isinstance(e, Citations)] == [e for e in first if isinstance(e, Citations)]
    one, two = stats_of(first), stats_of(second)
    assert (one.from_memory, two.from_memory) == (False, True)
    assert (one.tokens_read, one.tokens_kept, one.kv_bytes) == (
        two.tokens_read,
        two.tokens_kept,
        two.kv_bytes,
    )
    assert one.tokens_kept < one.tokens_read
    assert {"decode", "vision", "prefill", "first_token"} <= set(one.seconds)
    assert set(two.seconds) <= {"load", "first_token", "answer"}


def test_a_memory_that_stays_loaded_answers_as_its_file_does(qwen: Family, tmp_path: Path) -> None:
    video, last = Video(), LastMemory()
    kept, fresh = MemoryStore(tmp_path, precision="8bit", last=last), MemoryStore(tmp_path)
    texts = [text_of(run(qwen, video, store, "And then?")) for store in (kept, kept, fresh, kept)]
    assert len(video.decoders) == 1
    assert len(set(texts)) == 1
    assert last.held_bytes > 0


def test_a_real_file_is_read_at_its_real_times(qwen: Family, tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", [(3.0, "red"), (3.0, "blue")])
    source = VideoSource("clip", lambda: open_source(path, short_side=48))
    with closing(open_source(path)) as decoder:
        info = decoder.info
    plan = make_plan(
        qwen, Recording(info.duration, info.width, info.height), 1 << 40, 0, frames=12, keep_ratio=0.5
    )
    stats = Stats()
    reading = replace(plan.reading, long_side=64)
    memory = tiny.drain(recall(qwen, MODEL, source, reading, None, CancelToken(), stats))
    assert memory.times == pytest.approx([0.25, 1.25, 2.25, 3.25, 4.25, 5.25], abs=0.1)
    assert stats.tokens_read == memory.visual_tokens
    assert stats.seconds["decode"] > 0


def test_citations_are_keyframes_strongest_first(family: Family) -> None:
    (cited,) = [event for event in run(family, Video(), None) if isinstance(event, Citations)]
    assert cited.citations
    assert {citation.time for citation in cited.citations} <= {0.0, 2.0, 4.0}
    strengths = [citation.strength for citation in cited.citations]
    assert strengths == sorted(strengths, reverse=True)


@pytest.mark.parametrize("precision", ["full", "8bit"])
def test_a_damaged_memory_is_rebuilt_and_the_user_told(
    qwen: Family, tmp_path: Path, precision: MemoryPrecision
) -> None:
    video, store = Video(), MemoryStore(tmp_path, precision=precision)
    first = run(qwen, video, store)
    (path,) = tmp_path.glob("*.memory")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    second = run(qwen, video, store)
    assert any(isinstance(event, Notice) and "damaged" in event.text for event in second)
    assert text_of(second) == text_of(first)
    assert len(video.decoders) == 2
    assert stats_of(run(qwen, video, store)).from_memory


def test_when_memory_runs_out_less_is_read_and_the_user_told(
    qwen: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stands for a GPU that has no room for even one step beside more than 60 entries."""
    write = PrefixWriter.chunk

    def limited(self: PrefixWriter, features: Features, pivots: Tensor) -> None:
        if self.cache.lengths()[0] > 60:
            raise torch.OutOfMemoryError
        write(self, features, pivots)

    monkeypatch.setattr(PrefixWriter, "chunk", limited)
    video, store = Video(), MemoryStore(tmp_path)
    events = run(qwen, video, store)
    assert sum("ran out" in event.text for event in events if isinstance(event, Notice)) == 1
    stats = stats_of(events)
    assert stats.reading == tiny.tiny_reading(rate=2.0, frames=10, keep_ratio=0.5), (
        "the frames beyond two a second go first"
    )
    assert stats.keep_ratio == 0.5
    assert all(decoder.closed for decoder in video.decoders)
    # The memory is that of the smaller reading, and is never taken for the larger one.
    assert stats.reading is not None
    (stored,) = store.list()
    assert stored.path.name == memory_key(qwen, MODEL, video.source, stats.reading).filename()


def test_readings_are_lowered_to_an_end() -> None:
    reading, seen = Reading(rate=2.0, frames=100), []
    while (smaller := lowered(reading)) is not None:
        assert smaller.frames / smaller.rate == 50
        seen.append((smaller.keep_ratio, smaller.frames))
        reading = smaller
    assert seen == [(0.5, 100), (0.25, 100), (0.125, 100), (0.125, 50), (0.125, 25)]


def test_a_memory_larger_than_the_quota_is_not_kept_but_answers(qwen: Family, tmp_path: Path) -> None:
    events = run(qwen, Video(), MemoryStore(tmp_path, quota=100))
    assert any(isinstance(event, Notice) and "not kept" in event.text for event in events)
    assert stats_of(events).answer_tokens > 0


def test_a_folder_that_cannot_be_written_does_not_cost_the_answer(qwen: Family, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    events = run(qwen, Video(), MemoryStore(tmp_path / "file"))
    assert any(isinstance(event, Notice) and "could not be saved" in event.text for event in events)
    assert stats_of(events).answer_tokens > 0


def test_a_video_without_a_fingerprint_leaves_no_memory(qwen: Family, tmp_path: Path) -> None:
    run(qwen, Video(fingerprint=""), MemoryStore(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("question", ["", " \n"])
def test_an_empty_question_is_refused(qwen: Family, question: str) -> None:
    video = Video()
    with pytest.raises(UserError, match="empty"):
        run(qwen, video, None, question)
    assert video.decoders == []


@pytest.mark.parametrize("stop_at", [Phase("read"), ReadProgress(8, 20), AnswerPiece])
def test_a_stop_at_any_point_leaves_nothing_half_done(qwen: Family, tmp_path: Path, stop_at: object) -> None:
    video, store, cancel = Video(), MemoryStore(tmp_path), CancelToken()
    reading = tiny.tiny_reading(keep_ratio=0.5)
    seen: list[VideoLLMEvent] = []

    def listen() -> None:
        for event in ask(
            qwen, MODEL, video.source, "What?", reading, store, cancel, GenerationLimits(max_tokens=50)
        ):
            seen.append(event)
            if event == stop_at or type(event) is stop_at:
                cancel.cancel()

    with pytest.raises(Cancelled):
        listen()
    assert not isinstance(seen[-1], Stats)
    assert all(decoder.closed for decoder in video.decoders)
    assert tiny.text_attention(qwen) == "sdpa"
    saved = [path.name for path in tmp_path.iterdir()]
    assert len(saved) == (stop_at is AnswerPiece)
    assert not any(name.startswith(".") for name in saved)
    assert text_of(run(qwen, video, store)) == text_of(run(qwen, Video(), None))


def test_a_listener_who_leaves_gets_the_model_back(qwen: Family) -> None:
    events = ask(qwen, MODEL, Video().source, "What?", tiny.tiny_reading(), None, CancelToken(), SHORT)
    next(event for event in events if isinstance(event, AnswerPiece))
    events.close()  # type: ignore[attr-defined]
    assert tiny.text_attention(qwen) == "sdpa"


def test_text_streams_in_whole_characters(qwen: Family) -> None:
    text = "Größe 🎂!"
    parts = list(stream_text(qwen.prompt, iter(qwen.prompt.tokens(text))))
    assert "".join(parts) == text
    assert parts == list(text)


def test_an_answer_that_ends_within_a_character_loses_nothing(qwen: Family) -> None:
    ids = qwen.prompt.tokens("a🎂")[:-1]
    assert "".join(stream_text(qwen.prompt, iter(ids))) == "a\N{REPLACEMENT CHARACTER}"


def test_the_answer_ends_at_the_stop_token(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = qwen.processor.tokenizer.eos_token_id
    assert stop in qwen.stop_ids()
    letters = iter([*qwen.prompt.tokens("ab"), stop])
    monkeypatch.setattr(qwen, "logits", lambda _: torch.eye(qwen.shape.vocabulary)[next(letters)])
    assert text_of(run(qwen, Video(), None)) == "ab"


def test_sampling_is_repeatable_and_stays_within_top_p() -> None:
    logits = torch.log(torch.tensor([0.5, 0.3, 0.15, 0.05]))
    decoding = GenerationLimits(temperature=1.0, top_p=0.75, seed=3)
    runs = []
    for _ in range(2):
        generator = torch.Generator().manual_seed(decoding.seed)
        runs.append([choose(logits, decoding, generator) for _ in range(200)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {0, 1}
    assert choose(logits, GenerationLimits(temperature=0), torch.Generator()) == 0
    assert choose(logits, GenerationLimits(temperature=1.0, top_p=0.0), torch.Generator()) == 0
