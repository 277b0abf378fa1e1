"""What is left of a question without what frames it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retake_core.search.question_frames import asked_for


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("when did we talk about money", "money"),
        ("When did Anna say something about the new roof?", "the new roof"),
        ("where do they mention the bank loan", "the bank loan"),
        ("when was the old mill mentioned", "the old mill"),
        ("what did she say about her knee", "her knee"),
        ("who talked about moving to Spain", "moving to Spain"),
        ("the part where they talk about trains", "trains"),
        ("conversation about  a wedding", "a wedding"),
        ("Wann haben wir über Geld gesprochen?", "Geld"),
        ("wo wird der Umzug erwähnt", "der Umzug"),
        ("was hat Anna über die Schule gesagt", "die Schule"),
        ("wann reden wir über den Urlaub", "den Urlaub"),
        ("quand avons-nous parlé d'argent ?", "argent"),
        ("où est-ce qu'on a parlé de la maison", "maison"),
        ("¿cuándo hablamos de dinero?", "dinero"),
        ("我们什么时候谈到钱的问题", "钱"),
        ("什么时候聊过搬家的事？", "搬家"),
        ("关于工作的讨论", "工作"),
        ("いつお金について話しましたか", "お金"),
    ],
)
def test_the_frame_goes(question: str, asked: str) -> None:
    assert asked_for(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "money",
        "a dog on the beach",
        "when the rain stops",
        "people talking",
        "when did we",
        "你好",
        "",
        "when was it",
    ],
)
def test_what_has_no_frame_stays(question: str) -> None:
    assert asked_for(question) == question


@given(st.text(max_size=60))
def test_something_is_always_left(text: str) -> None:
    assert asked_for(text) in text or asked_for(text).replace(" ", "") in "".join(text.split())
    assert bool(asked_for(text)) == bool(text)
