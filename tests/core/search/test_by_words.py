"""Search by what is said, written and named, next to what is shown."""

import pytest

from retake_core.library.texts import TextKind
from retake_core.search.moments import Moment
from tests.support.colour_library import Library

SPEECH = (
    (12.0, 15.0, "Happy birthday to you, dear Grandma"),
    (15.5, 18.0, "now blow out the candles"),
    (40.0, 44.0, "we went for a swim at the beach"),
    (70.0, 73.0, "今天我们去北京看长城"),
    (80.0, 83.0, "お誕生日おめでとう、ケーキを食べよう"),
    (90.0, 93.0, "Das Café in der Größe eines Wohnzimmers"),
)


@pytest.fixture
def party(library: Library) -> Library:
    """Return a library of a party with speech, a talk with slides, and something else."""
    library.say(library.add("/v/party.mp4", "red blue green red blue green red blue green red"), *SPEECH)
    slides = library.add("/v/talk.mp4", "grey grey white")
    library.say(slides, (10.0, 20.0, "Quarterly budget: costs and savings"), kind=TextKind.SCREEN)
    library.say(slides, (5.0, 9.0, "let us look at the numbers"))
    library.add("/v/holiday2023/SummerBeachTrip_2023.mp4", "orange white")
    return library


def seen(moments: list[Moment]) -> list[tuple[str, float, str]]:
    """Return where moments are, and the words that match, in the text."""
    return [
        (m.video.path.stem, m.time, " ".join(m.snippet.text[a:b] for a, b in m.snippet.marks)) for m in moments
    ]


@pytest.mark.parametrize(
    ("query", "time", "words"),
    [
        ("birthday", 12.0, "birthday"),
        ("happy birthdays", 12.0, "Happy birthday"),
        ("blow out candle", 15.5, "blow candles"),
        ("a swim at the beach", 40.0, "swim beach"),
        ("北京", 70.0, "北京"),
        ("长城", 70.0, "长城"),
        ("誕生日", 80.0, "誕生日"),
        ("ケーキ", 80.0, "ケーキ"),
        ("cafe", 90.0, "Café"),
        ("GROSSE", 90.0, "Größe"),
    ],
)
def test_spoken_words(party: Library, query: str, time: float, words: str) -> None:
    (name, at, marked), *_ = seen(party.search(query + " "))
    assert (name, at, marked) == ("party", time, words)


def test_why_and_where(party: Library) -> None:
    (moment,) = party.search("budget savings")
    assert moment.video.path.stem == "talk"
    assert moment.why == ("on screen",)
    assert (moment.start, moment.end, moment.best.time) == (10.0, 20.0, 10.0)
    assert moment.snippet.text == "Quarterly budget: costs and savings"
    (moment,) = party.search("summer trip")
    assert (moment.why, moment.start, moment.end) == (("title",), 0.0, 100.0)
    assert moment.video.path.stem == "SummerBeachTrip_2023"


def test_words_that_are_not_there(party: Library) -> None:
    for query in ("wedding", "birthday wedding", "上海", "the of and", "budget holiday in Spain", "北海"):
        assert party.search(query) == [], query


def test_one_word_of_two_is_a_weaker_match(party: Library) -> None:
    assert party.search("swim giraffe") == []
    weaker = party.search("swim giraffe", weaker=True)
    assert ("party", 40.0, "swim") in seen(weaker)


def test_a_sentence_over_two_subtitles(party: Library) -> None:
    (moment, *_) = party.search("grandma candles")
    assert (moment.start, moment.end) == (12.0, 18.0)


def test_exact_words(party: Library) -> None:
    assert [m.time for m in party.search('"happy birthday"')] == [12.0]
    assert party.search('"birthday happy"') == []
    assert party.search('"happy birthdays"') == []
    assert [m.video.path.stem for m in party.search('"beach trip"')] == ["SummerBeachTrip_2023"]
    assert [m.time for m in party.search('"誕生日おめでとう"')] == [80.0]


def test_exact_words_narrow_down_what_is_shown(party: Library) -> None:
    (moment,) = party.search('blue "happy birthday"')
    assert moment.why[0] == "picture" or "said" in moment.why
    assert (moment.start, moment.end) == (10.0, 20.0)
    assert party.search('white "happy birthday"')[0].time == 12.0


def test_fields(party: Library) -> None:
    assert [m.time for m in party.search("said:beach")] == [40.0]
    assert party.search("screen:beach") == []
    assert [m.video.path.stem for m in party.search("screen:budget")] == ["talk"]
    assert [m.video.path.stem for m in party.search("title:beach")] == ["SummerBeachTrip_2023"]
    beach = [m.video.path.stem for m in party.search("beach ")]
    assert sorted(beach) == ["SummerBeachTrip_2023", "party"]
    assert [m.video.path.stem for m in party.search("beach -trip ")] == ["party"]
    assert [m.video.path.stem for m in party.search("beach -swim")] == ["SummerBeachTrip_2023"]


def test_excluded_looks(party: Library) -> None:
    assert {m.video.path.stem for m in party.search("crimson -blue")} == {
        "party",
        "SummerBeachTrip_2023",
    }
    assert {m.video.path.stem for m in party.search("crimson -red")} == {"SummerBeachTrip_2023"}


def test_filters(library: Library) -> None:
    library.add("/v/Holidays/a.mp4", "red", 30.0, recorded="2023-05-17T10:00:00", codec="h264")
    library.add("/v/work/b.mkv", "red", 3000.0, recorded="2022-01-01T10:00:00", codec="hevc")

    def found(query: str) -> str:
        return "".join(sorted(m.video.path.stem for m in library.search(query)))

    assert found("red") == "ab"
    for query, names in {
        "folder:holiday": "a",
        "-folder:holiday": "b",
        "in:/v/work": "b",
        "after:2023": "a",
        "after:2023-05-17": "a",
        "after:2023-06": "",
        "before:2023": "b",
        "longer:10m": "b",
        "shorter:10m": "a",
        "type:mkv": "b",
        "type:h264": "a",
        "type:mkv after:2023": "",
    }.items():
        assert found(f"red {query}") == names, query
        assert found(query) == names, query


def test_a_word_that_is_being_typed(party: Library) -> None:
    assert [m.time for m in party.search("birthd")] == [12.0]
    assert party.search("birthd ") == []


def test_the_same_clip_in_two_files_is_one_result(library: Library) -> None:
    library.add("/v/a.mp4", "red blue", pictures=True)
    library.add("/v/copy.mp4", "blue red", pictures=True)
    library.add("/v/other.mp4", "crimson blue", pictures=True)
    moments = library.search("red")
    assert [(m.video.path.stem, [c.video.path.stem for c in m.copies]) for m in moments] == [
        ("a", ["copy"]),
        ("other", []),
    ]


def test_the_same_picture_with_other_words_is_another_moment(library: Library) -> None:
    for name, words in (("a", "hello world"), ("b", "hello there"), ("c", "hello there")):
        library.say(library.add(f"/v/{name}.mp4", "grey", pictures=True), (1.0, 2.0, words))
    moments = library.search("hello ")
    assert [(m.video.path.stem, len(m.copies)) for m in moments] == [("a", 0), ("b", 1)]


def test_a_video_that_is_forgotten_takes_its_words_along(party: Library) -> None:
    with party.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM video WHERE id = 1")
    assert party.search("birthday ") == []
    with party.database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM text_index WHERE text_index MATCH 'birthday'").one()
    with party.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO text_index (text_index, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize(
    "query", ["runway36l", "36l", "runway 36L", "runway36", "36", "screen:36l", 'screen:"runway 36L"']
)
def test_parts_of_what_is_written_without_a_space(library: Library, query: str) -> None:
    library.say(library.add("/v/pilot.mp4", "grey grey white"), (10.0, 20.0, "RUNWAY36L"), kind=TextKind.SCREEN)
    library.say(library.add("/v/tower.mp4", "grey grey white"), (10.0, 20.0, "RUNWAY7"), kind=TextKind.SCREEN)
    (moment,) = library.search(query + " ")
    assert (moment.video.path.stem, moment.start) == ("pilot", 10.0)
