"""Subtitle files as people have them: what is said in them, when, by whom, and in which language."""

from pathlib import Path

import pytest

from retake_core.media.subtitles.cues import Cue, clean
from retake_core.media.subtitles.encoding import decode
from retake_core.media.subtitles.file import read_subtitle_file
from retake_core.media.subtitles.labels import NameLabels, Owners, read_labels


def lines(tmp_path: Path, content: str, name: str = "a.srt") -> list[tuple[float, str]]:
    path = tmp_path / name
    path.write_bytes(content.encode())
    return [(cue.start, cue.text) for cue in read_subtitle_file(path)]


def srt(*texts: str) -> str:
    stamps = (f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{text}\n\n" for n, text in enumerate(texts))
    return "".join(stamps)


def test_the_names_of_cues_are_not_said(tmp_path: Path) -> None:
    content = (
        "WEBVTT - a meeting\n\nNOTE nobody says this\nnor this\n\nSTYLE\n::cue { color: red }\n\n"
        "intro-1\n00:00.000 --> 00:01.000\nhello everyone\n\n"
        "6a3f1c02-88aa-4c1d-9e3f-0123456789ab/12-0\n00:01.000 --> 00:02.000 align:start\nthe weather is fine\n\n"
        "3\n00:00:02,000 --> 00:00:03,000\nwith a comma\n"
    )
    assert lines(tmp_path, content) == [(0, "hello everyone"), (1, "the weather is fine"), (2, "with a comma")]


@pytest.mark.parametrize("name", ["shop.vtt", "shop.srt"])
def test_references_stand_for_their_signs(tmp_path: Path, name: str) -> None:
    texts = ("We went to H&amp;M&nbsp;today", "five &lt; six, &lt;b&gt; is <b>bold</b>", "caf&eacute; &#x263A;")
    content = srt(*texts)
    if name.endswith("vtt"):
        content = "WEBVTT\n\n" + content.replace(",000", ".000").replace(",900", ".900")
    assert [text for _, text in lines(tmp_path, content, name)] == [
        "We went to H&M today",
        "five < six, <b> is bold",
        "café ☺",
    ]


ROLLING = [
    (0.0, 2.0, "\nso<00:00:00.500><c> today</c><00:00:01.000><c> we</c>"),
    (2.0, 2.01, "so today we\n"),
    (2.01, 4.0, "so today we\nbake<00:00:02.500><c> some</c><00:00:03.000><c> bread</c>"),
    (4.0, 4.01, "bake some bread\n"),
    (4.01, 6.0, "bake some bread\nwith<00:00:04.500><c> caraway</c><00:00:05.000><c> seeds</c>"),
]


def test_captions_that_roll_say_each_phrase_once(tmp_path: Path) -> None:
    body = "".join(f"00:0{a:.3f} --> 00:0{b:.3f}\n{text or ' '}\n\n" for a, b, text in ROLLING)
    content = "WEBVTT\nKind: captions\nLanguage: en\n\n" + body.replace("\n\nso<", "\n \nso<")
    expected = [(0, "so today we"), (2.01, "bake some bread"), (4.01, "with caraway seeds")]
    assert lines(tmp_path, content, "bread.vtt") == expected
    assert [(cue.start, cue.text) for cue in clean(Cue(*cue) for cue in ROLLING)] == expected


def test_captions_that_grow_word_by_word_are_one_line() -> None:
    grown = ("we", "we bake", "we bake some", "we bake some bread")
    cues = [Cue(float(n), n + 1.0, text) for n, text in enumerate(grown)]
    rolled = [*cues, Cue(4, 5, "we bake some bread\nand eat"), Cue(5, 6, "and eat\nit"), Cue(6, 7, "it\nwarm")]
    assert [cue.text for cue in clean(rolled)] == ["we bake some bread", "and eat", "it", "warm"]


def test_people_who_repeat_themselves_are_heard() -> None:
    cues = [Cue(0, 1, "No\nWhy?"), Cue(1, 2, "Why?\nBecause."), Cue(2, 3, "Yes."), Cue(3, 4, "And so on.")]
    cues += [Cue(4.0 + n, 5.0 + n, f"Sentence {n}") for n in range(9)]
    assert [cue.text for cue in clean(cues)][:3] == ["No Why?", "Why? Because.", "Yes."]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_end_in_every_usual_way(tmp_path: Path, end: str) -> None:
    content = srt("a carriage returns", "and again").replace("\n", end)
    assert lines(tmp_path, content) == [(0, "a carriage returns"), (1, "and again")]


def test_voices_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "call.vtt"
    path.write_text(
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Bruna>We are in New York</v>\n\n"
        "00:01.000 --> 00:02.000\n<v.loud Mary Ann>Stay</v> <v Otto>I stay at home\n"
    )
    assert [(cue.speaker, cue.text) for cue in read_subtitle_file(path)] == [
        ("Bruna", "We are in New York"),
        ("Mary Ann", "Stay"),
        ("Otto", "I stay at home"),
    ]


TELEMETRY = {
    "newer": "[iso: 100] [shutter: 1/320.0] [fnum: 2.8] [ev: 0] [latitude: 47.1{0}] [longitude: 8.2{0}]",
    "older": "HOME(149.02{0},-20.25{0}) 2017.08.05 14:11:{0}\nGPS(149.02{0},-20.25,16) BAROMETER:1.9\nISO:100",
    "small": "F/2.8, SS 206.14, ISO 100, EV 0, GPS (-0.1{0}, 51.5{0}, 15), D 20.5m, H 3.0m, H.S 0.2m/s",
}


@pytest.mark.parametrize("kind", TELEMETRY)
def test_the_readings_of_instruments_are_no_speech(tmp_path: Path, kind: str) -> None:
    content = srt(*(f"<font size=28>{TELEMETRY[kind].format(n)}</font>" for n in range(10, 50)))
    assert lines(tmp_path, content, "DJI_0001.SRT") == []


def test_talk_of_numbers_is_speech(tmp_path: Path) -> None:
    texts = (
        "Flight 714 left at 9:40",
        "with 250 people on board",
        "and 12 dogs, 3 cats and 1 bird",
        "so they say",
    )
    assert len(lines(tmp_path, srt(*texts))) == 4


@pytest.mark.parametrize(
    ("words", "encoding", "language"),
    [
        ("Où est la gare ? À bientôt, Noël", "cp1252", "fr"),
        ("Onde é a estação? Até amanhã, João. Não há pão", "cp1252", "pt"),
        ("火车站在哪里", "gbk", "zh"),
        ("火車站在哪裡", "big5", "zh-tw"),
        ("Dobrý večer, děkuji", "cp1250", "cs"),
        ("Как дела?", "cp1251", "ru"),
        ("Как дела? Спасибо", "koi8-r", "ru"),
        ("駅はどこですか", "shift_jis", "ja"),
        ("駅はどこですか", "euc_jp", "ja"),
        ("안녕하세요", "cp949", "ko"),
        ("Günaydın, teşekkürler", "cp1254", "tr"),
        ("Καλημέρα", "cp1253", "el"),
    ],
)
def test_the_language_decides_between_encodings_that_fit(words: str, encoding: str, language: str) -> None:
    assert decode(words.encode(encoding), language) == words


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("film.zh_CN", NameLabels("zh-cn")),
        ("film.es-419", NameLabels("es-419")),
        ("film.cmn-Hant", NameLabels("zh-hant")),
        ("film.arb", NameLabels("ar")),
        ("film.2.en", NameLabels("en")),
        ("film.sdh", NameLabels(None)),
        ("film.hi.en", NameLabels("en")),
        ("film.hi", NameLabels("hi")),
        ("film.eng.forced", NameLabels("en", partial=True)),
        ("film.en-orig", NameLabels("en")),
        ("film - English", NameLabels("en")),
        ("film (Deutsch)", NameLabels("de")),
        ("film.directors cut", NameLabels(None)),
        ("film.ger.sdh", NameLabels("de")),
        ("film.English[SDH]", NameLabels("en")),
    ],
)
def test_labels_are_read(name: str, labels: NameLabels) -> None:
    assert Owners(["film", "other"]).owner(name) == "film"
    assert read_labels(name, "film") == labels


@pytest.mark.parametrize("name", ["filmmaker", "film two", "film_of_the_year", "Film2"])
def test_another_name_is_no_label(name: str) -> None:
    assert Owners(["film"]).owner(name) is None


def test_karaoke_is_not_said_letter_by_letter(tmp_path: Path) -> None:
    fields = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    head = ["[Script Info]", "ScriptType: v4.00+", "", "[Events]", f"Format: {fields}"]
    letters = [
        f"Dialogue: {layer},0:00:0{n % 5}.00,0:00:05.00,Default,,0,0,0,,{{\\pos({n},200)}}{sign}"
        for n, sign in enumerate("twinklelittlestar")
        for layer in range(4)
    ]
    sung = "Dialogue: 0,0:00:06.00,0:00:08.00,Default,Ann,0,0,0,,{\\k20}Twin{\\k30}kle {\\k20}star"
    said = "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\pos(5,5)}See you at the harbour"
    path = tmp_path / "song.ass"
    path.write_text("\n".join([*head, *letters, sung, said]))
    cues = read_subtitle_file(path)
    assert [(cue.start, cue.text, cue.speaker) for cue in cues] == [
        (1.0, "See you at the harbour", None),
        (6.0, "Twinkle star", "Ann"),
    ]


def test_other_formats(tmp_path: Path) -> None:
    sbv = "0:00:01.000,0:00:02.500\nhello\nthere\n\n0:00:03.000,0:00:04.000\nbye\n"
    assert lines(tmp_path, sbv, "a.sbv") == [(1, "hello there"), (3, "bye")]
    lrc = "[ti:Song]\n[00:01.50]first\n[00:03.00][00:09.00]chorus <00:03.10>again\n"
    assert lines(tmp_path, lrc, "a.lrc") == [(1.5, "first"), (3, "chorus again")]
    ttml = (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
        'ttp:frameRate="25"><body><div><p begin="00:00:01:05" end="2s">Hi<br/>there &lt;b&gt;</p></div></body>'
        "</tt>"
    )
    assert lines(tmp_path, ttml, "a.ttml") == [(1.2, "Hi there <b>")]


def test_a_bomb_of_entities_is_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "boom"}">' for n in range(10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE tt [{entities}]><tt><body><p begin="1s">&a9;</p></body></tt>'
    (tmp_path / "a.ttml").write_text(bomb)
    with pytest.raises(Exception, match="damaged"):
        read_subtitle_file(tmp_path / "a.ttml")
