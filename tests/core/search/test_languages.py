"""Words that are said are found whatever their endings, by the rules of the language that they are said in."""

import pytest
from sqlalchemy import text as sql

from retake_core.library.database import add_functions
from retake_core.library.texts import TextKind, find_texts, sought_words
from tests.support.colour_library import Library

SAID = {
    "de": ("Die Kinder spielen vor den alten Häusern", "Wir haben viele Bücher gelesen", "Oma erzählt Märchen"),
    "fr": ("Les chevaux traversent les rivières", "Nous avons mangé des gâteaux", "On est déjà arrivés"),
    "es-419": ("Los niños juegan en la playa", "Compramos unas flores para ella", "Las canciones más bonitas"),
    "ru": ("Красивые книги стоят на полках", "Мы плавали в холодном море"),
    "pt-br": ("As crianças cantaram músicas", "Os barcos chegaram ontem"),
    "it": ("I bambini mangiano le mele", "Abbiamo visitato molte città"),
    "sv": ("Barnen leker vid husen", "Fiskarna simmade i sjön"),
    "zh": ("今天我们去北京看长城",),
    "ja": ("お誕生日おめでとう、ケーキを食べよう",),
    "en": ("The singers were singing about wolves",),
}


@pytest.fixture
def talks(library: Library) -> Library:
    """Return a library of recordings in ten languages."""
    for language, lines in SAID.items():
        spoken = [(10.0 * n + 1, 10.0 * n + 3, line) for n, line in enumerate(lines)]
        library.say(library.add(f"/v/{language}.mp4", "red blue green"), *spoken, language=language)
    return library


def found(library: Library, query: str) -> list[tuple[str, str]]:
    """Return in which recordings words are found, and the words."""
    return [
        (moment.video.path.stem, " ".join(moment.snippet.text[a:b] for a, b in moment.snippet.marks))
        for moment in library.search(query + " ")
        if "said" in moment.why
    ]


@pytest.mark.parametrize(
    ("query", "language", "words"),
    [
        ("Haus", "de", "Häusern"),
        ("Kind", "de", "Kinder"),
        ("ein Buch gelesen", "de", "Bücher gelesen"),
        ("hausern", "de", "Häusern"),  # no accents at hand
        ("cheval", "fr", "chevaux"),
        ("manger", "fr", "mangé"),
        ("deja arrivé", "fr", "déjà arrivés"),
        ("niño", "es-419", "niños"),
        ("canción", "es-419", "canciones"),
        ("flor", "es-419", "flores"),
        ("книга", "ru", "книги"),
        ("красивый", "ru", "Красивые"),
        ("música", "pt-br", "músicas"),
        ("bambino", "it", "bambini"),
        ("fisken", "sv", "Fiskarna"),
        ("长城", "zh", "长城"),
        ("ケーキ", "ja", "ケーキ"),
        ("singing singer", "en", "singers singing"),
    ],
)
def test_other_endings_are_the_same_word(talks: Library, query: str, language: str, words: str) -> None:
    assert (language, words) in found(talks, query)


def test_the_endings_of_one_language_do_not_count_in_another(talks: Library) -> None:
    library = talks
    library.say(library.add("/v/more.mp4", "red"), (1.0, 2.0, "What did the king sing"), language="en")
    # "singer" loses its ending in German and Swedish, where it would be "sing".
    assert ("more", "sing") not in found(library, "singer")


def test_exact_words_stay_exact(talks: Library) -> None:
    assert found(talks, '"Haus"') == []
    assert found(talks, '"alten Häusern"') == [("de", "alten Häusern")]


def test_a_long_sentence_in_a_library_of_many_languages(talks: Library) -> None:
    sentence = SAID["de"][0]
    with talks.database.reading() as connection:
        words = tuple(sought_words(connection, f"{sentence} " * 40))
        assert find_texts(connection, [words], every=True) == []
        (entry,) = find_texts(connection, [tuple(sought_words(connection, sentence))], every=True)
    assert entry.content == sentence


def test_older_texts_lose_their_endings_when_the_library_is_opened(talks: Library) -> None:
    """As the migration does: texts that were stored when English was the only language with rules."""
    with talks.database.reading() as connection:
        right = connection.execute(sql("SELECT id, stems FROM text ORDER BY id")).all()
    with talks.database.writing() as connection:
        connection.execute(sql("UPDATE text SET stems = 'nothing' WHERE language = 'de'"))
    assert found(talks, "Haus") == []
    with talks.database.writing() as connection:
        add_functions(connection.connection.driver_connection)
        connection.execute(sql("UPDATE text SET stems = stems_of(kind, speaker, content, language)"))
    with talks.database.reading() as connection:
        assert connection.execute(sql("SELECT id, stems FROM text ORDER BY id")).all() == right
    assert found(talks, "Haus") == [("de", "Häusern")]


def test_names_and_signs_have_no_language(talks: Library) -> None:
    library = talks
    library.say(library.add("/v/sign.mp4", "red"), (1.0, 2.0, "Häuser"), kind=TextKind.SCREEN)
    assert "sign" not in [name for name, _ in found(library, "Haus")]
