"""What of a conversation stands in front of a question."""

from copy import copy

import pytest

from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import MAX_EARLIER, Turn

THINKS = """{% for message in messages %}<|im_start|>{{ message.role }}
{% for part in message.content %}{% if part.type == "video" %}\
<|vision_start|><|video_pad|><|vision_end|>{% else %}\
{{ part.text }}{% endif %}{% endfor %}<|im_end|>
{% endfor %}<|im_start|>assistant
{% if not enable_thinking %}<think>

</think>

{% endif %}"""
LONG = "It begins with a cake. " + "And then something happens. " * 60 + "It ends with a dance."


def told(family: Family, turns: list[Turn]) -> str:
    """Return what of earlier turns the model is given, of which nothing is longer than there is room for."""
    bare, ids = family.prompt.question("And then?"), family.prompt.question("And then?", turns)
    assert len(ids) - len(bare) <= MAX_EARLIER
    return family.prompt.text(ids)


@pytest.mark.parametrize("length", [400, 480, 490, 512, 2000])
def test_a_long_answer_is_shortened_and_not_dropped(qwen: Family, length: int) -> None:
    text = told(qwen, [Turn("What happens?", LONG[: length - 22] + " It ends with a dance.")])
    assert "What happens?" in text
    assert "It begins with a cake." in text
    assert "It ends with a dance." in text


def test_a_short_turn_before_a_long_answer_stays(qwen: Family) -> None:
    text = told(qwen, [Turn("What colour?", "It is red."), Turn("Describe everything.", LONG)])
    assert text.index("It is red.") < text.index("Describe everything.") < text.index("It ends with a dance.")


def test_a_long_question_leaves_room_for_its_answer(qwen: Family) -> None:
    text = told(qwen, [Turn("Who?", "Ann."), Turn(LONG, LONG)])
    assert text.count("It begins with a cake.") == 2
    assert "Ann." in text


def test_the_oldest_turns_go_first(qwen: Family) -> None:
    turns = [Turn(f"Question {number}?", "word " * 20) for number in range(8)]
    text = told(qwen, turns)
    assert "Question 7?" in text
    assert "Question 0?" not in text


def test_only_the_new_answer_begins_behind_its_thoughts(qwen: Family) -> None:
    processor = copy(qwen.prompt.processor)
    processor.chat_template = THINKS
    prompt = type(qwen.prompt)(qwen.prompt.config, processor)
    ids = prompt.question("And then?", [Turn("Who?", "Ann.")])
    text = prompt.processor.tokenizer.decode(ids).replace(" ", "")
    assert text.count("</think>") == 1
    assert text.endswith("Andthen?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n")
    assert "Who?<|im_end|>\n<|im_start|>assistant\nAnn.<|im_end|>\n<|im_start|>user\nAndthen?" in text
