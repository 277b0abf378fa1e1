"""How a full-text index should split texts: SQLite's tokenizers beside stems and signs that are split beforehand.

    python -m tests.benchmarks.text_index

Every question about speech names words of one sentence, in other forms, in five languages; it counts as found when
an index holds the sentence for any of its words, and as first when bm25 puts it first.
"""

import itertools
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from retake_core.library.words import common_stems, is_unspaced, tokens
from tests.benchmarks.search_quality import other_talk
from tests.benchmarks.search_set import RECORDINGS, SAID
from tests.support.report import Report, Row, make_parser

COMMON = common_stems()
COPIES = 30  # times the other talk, so that sizes and times mean something


@dataclass(frozen=True, slots=True)
class Way:
    """A way to index: the tokenizer, what is indexed of a sentence, and the match expressions of a question."""

    name: str
    tokenizer: str
    indexed: Callable[[str], str]
    asked: Callable[[str], list[str]]


def plain(text: str) -> str:
    return text


def words(text: str, least: int = 1) -> list[str]:
    found = [word for word in re.findall(r"\w+", text) if len(word) >= least and word.lower() not in COMMON]
    return [f'"{word}"' for word in found]


def split(text: str) -> str:
    return " ".join(token.stem for token in tokens(text))


def phrases(text: str) -> list[str]:
    found = [token.stem for token in tokens(text) if not is_unspaced(token.word) and token.stem not in COMMON]
    signs = [token.stem for token in tokens(text) if is_unspaced(token.word)]
    return [f'"{word}"' for word in found] + [f'"{a} {b}"' for a, b in itertools.pairwise(signs)]


WAYS = (
    Way("trigram", "trigram", plain, lambda text: words(text, 3)),
    Way("unicode61, no accents", "unicode61 remove_diacritics 2", plain, words),
    Way("porter, no accents", "porter unicode61 remove_diacritics 2", plain, words),
    Way("split beforehand", "ascii", split, phrases),
)


def measured(way: Way, sentences: Sequence[str], answers: dict[str, int]) -> Row:
    """Return what an index of sentences finds of questions, whose answers are numbers of sentences."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE i USING fts5 (t, content = '', tokenize = '{way.tokenizer}')")
        rows = [(number, way.indexed(sentence)) for number, sentence in enumerate(sentences)]
        began = time.process_time()
        connection.executemany("INSERT INTO i (rowid, t) VALUES (?, ?)", rows)
        connection.commit()
        built = time.process_time() - began
        size = connection.execute("SELECT sum(length(block)) FROM i_data").fetchone()[0]
        found = first = 0
        began = time.process_time()
        for question, number in answers.items():
            if not (asked := way.asked(question)):
                continue
            query = "SELECT rowid FROM i WHERE i MATCH ? ORDER BY rank LIMIT 50"
            hits = [row[0] for row in connection.execute(query, (" OR ".join(asked),))]
            found += number in hits
            first += hits[:1] == [number]
        spent = 1e3 * (time.process_time() - began) / len(answers)
    share = {"found": found / len(answers), "first": first / len(answers)}
    return {"index": way.name, **share, "MB": size / 1e6, "build s": built, "ms a question": spent}


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__)
    parser.add_argument("--quick", action="store_true", help="among fewer sentences")
    options = parser.parse_args()
    report = Report("tests.benchmarks.text_index")
    sentences = [line for lines in RECORDINGS.values() for line in lines]
    answers = {question: sentences.index(RECORDINGS[name][at]) for question, (name, at) in SAID.items()}
    sentences += other_talk() * (1 if options.quick else COPIES)
    report.publish([measured(way, sentences, answers) for way in WAYS], f"{len(sentences)} sentences.")


if __name__ == "__main__":
    main()
