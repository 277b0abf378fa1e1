"""Whatever a model would like to write, what it may write is a description."""
# mypy: allow-untyped-calls

import random
import re
from collections.abc import Callable
from functools import partial

import pytest
import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from retake_core.videollm.describing.form import MOST_PICTURES, grammar, question
from retake_core.videollm.describing.held import Vocabulary
from retake_core.videollm.describing.told import parse
from tests.support.tiny import SPECIAL, tiny_tokenizer

TIMES = (7.2, 31.0, 3725.0)
EXAMPLE = (
    "Title: yellow square, red circle\n"
    "Summary: A yellow square appears, then a red circle.\n"
    "0:05-0:12 yellow square | A yellow square appears.\n"
    "0:20-0:24 red circle | A red circle appears.\n"
    "Pictures:\n"
    "0:07 yellow square\n"
    "0:31 nothing\n"
    "1:02:05 red circle\n"
)
TEXT = r"[^\n|]{1,200}"
TIME = r"(?:\d\d?:)?\d\d?:\d\d"
WHOLE = re.compile(
    rf"Title: {TEXT}\nSummary: {TEXT}\n(?:{TIME}-{TIME} {TEXT} \| {TEXT}\n){{0,64}}"
    rf"Pictures:\n0:07 {TEXT}\n0:31 {TEXT}\n1:02:05 {TEXT}\n"
)
WORDS = (
    "a",
    "an",
    "appears",
    "then",
    "red",
    "yellow",
    "square",
    "circle",
    "nothing",
    "Title",
    "Summary",
    "Pictures",
    "A",
)


def word_tokenizer(spaced: bool = False) -> PreTrainedTokenizerFast:
    """Return one whose tokens are pieces of text; words may have their space in front."""
    pieces = [*WORDS, *map(str, range(10)), ": ", ":", "-", " ", " | ", "\n", ".", ","]
    if spaced:
        pieces = ["Title:", "Summary:", "Pictures:", "\n", " |", ".", ",", "-", ":", *map(str, range(10))]
        pieces += [f" {word}" for word in WORDS]
    backend = Tokenizer(
        models.WordLevel({piece: number for number, piece in enumerate(["<unk>", *pieces])}, "<unk>")
    )
    longest_first = "|".join(re.escape(piece) for piece in sorted(pieces, key=len, reverse=True))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(longest_first), behavior="isolated")
    backend.decoder = decoders.Fuse()
    return _with_special(backend)


def merged_tokenizer() -> PreTrainedTokenizerFast:
    """Return one of byte-level BPE whose tokens go beyond the ends of lines and of characters."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=alphabet, show_progress=False)
    backend.train_from_iterator([EXAMPLE, "红色的圆形出现了。\n", "Größe | Straße\n"] * 3, trainer)
    return _with_special(backend)


def _with_special(backend: Tokenizer) -> PreTrainedTokenizerFast:
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend)
    tokenizer.eos_token, tokenizer.pad_token = "<|im_end|>", "<|endoftext|>"
    tokenizer.add_special_tokens({"additional_special_tokens": SPECIAL})
    return tokenizer


TOKENIZERS: dict[str, Callable[[], PreTrainedTokenizerFast]] = {
    "bytes": tiny_tokenizer,
    "merged": merged_tokenizer,
    "words": word_tokenizer,
    "spaced words": partial(word_tokenizer, spaced=True),
}


@pytest.fixture(scope="module", params=sorted(TOKENIZERS))
def tokenizer(request: pytest.FixtureRequest) -> PreTrainedTokenizerFast:
    return TOKENIZERS[request.param]()


def written(tokenizer: PreTrainedTokenizerFast, seed: int, most: int) -> tuple[str, bool]:
    """Return what a model of random logits writes, and whether it came to an end."""
    stop = tokenizer.eos_token_id
    held = Vocabulary(tokenizer, [stop]).hold(grammar(TIMES))
    generator = torch.Generator().manual_seed(seed)
    bias = torch.randn(len(tokenizer) + 7, generator=generator)  # models have rows that stand for no token
    bias[tokenizer("\n", add_special_tokens=False)["input_ids"]] += 2 + seed % 3  # or few lines would ever end
    ids: list[int] = []
    while len(ids) < most:
        logits = held.filter(bias + 3 * torch.randn(len(bias), generator=generator))
        if logits is None:
            break
        token = int(logits.argmax())
        held.take(token)
        if token == stop:
            return str(tokenizer.decode(ids)), True
        ids.append(token)
    return str(tokenizer.decode(ids)), False


@pytest.mark.parametrize("seed", range(3))
def test_random_logits_write_a_description(tokenizer: PreTrainedTokenizerFast, seed: int) -> None:
    text, ended = written(tokenizer, seed, most=4000)
    assert bool(WHOLE.fullmatch(text)) == ended
    told = parse(text, TIMES, cut=not ended)
    if ended:
        assert told.title
        assert told.summary
        assert list(told.pictures) == list(TIMES)


def test_some_of_them_end_and_some_are_cut(tokenizer: PreTrainedTokenizerFast) -> None:
    assert any(written(tokenizer, seed, most=4000)[1] for seed in range(3))
    assert not any(written(tokenizer, seed, most=20)[1] for seed in range(3))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_cut_is_a_beginning(tokenizer: PreTrainedTokenizerFast, seed: int) -> None:
    most = random.Random(seed).randrange(10, 80)
    text, ended = written(tokenizer, seed, most)
    assert not ended
    whole, _ = written(tokenizer, seed, most=4000)
    assert whole.startswith(text.rstrip("\N{REPLACEMENT CHARACTER}"))
    parse(text, TIMES, cut=True)


def test_the_example_is_what_may_be_written(tokenizer: PreTrainedTokenizerFast) -> None:
    ids = tokenizer(EXAMPLE, add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids) == EXAMPLE
    held = Vocabulary(tokenizer, [tokenizer.eos_token_id]).hold(grammar(TIMES))
    for token in [*ids, tokenizer.eos_token_id]:
        logits = held.filter(torch.zeros(len(tokenizer)))
        assert logits is not None
        assert logits[token] == 0
        held.take(token)


def test_where_no_token_can_follow_it_ends() -> None:
    backend = Tokenizer(models.WordLevel({"<unk>": 0, "red": 1, "circle": 2}, "<unk>"))
    backend.decoder = decoders.Fuse()
    tokenizer = _with_special(backend)
    held = Vocabulary(tokenizer, [tokenizer.eos_token_id]).hold(grammar(TIMES))
    assert held.filter(torch.zeros(len(tokenizer))) is None


def test_the_question_names_the_times_once_each() -> None:
    assert question(()) == "Describe the video: a title, a summary, and a line for each thing that happens."
    assert question((7.2, 7.9, 31.0)).endswith("Then a line for each of these times: 0:07, 0:31.")
    assert question(range(0, 600, 10)).count(",") == 2 + MOST_PICTURES - 1


def test_without_times_there_are_no_pictures() -> None:
    tokenizer = tiny_tokenizer()
    held = Vocabulary(tokenizer, [tokenizer.eos_token_id]).hold(grammar(()))
    for token in tokenizer(EXAMPLE.partition("Pictures")[0])["input_ids"]:
        held.take(token)
    logits = held.filter(torch.zeros(len(tokenizer)))
    assert logits is not None
    assert int(logits.isfinite().sum()) == 11  # a digit, or the end
