"""What the page of an answer says in its own words, which the window gives in its language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

EVIDENCE: Final = (
    "These are the moments that the model attended to most while it wrote the answer, the strongest first. They "
    "show what the answer rests on, not that it is right."
)
FOUND: Final = "No model answered. These are the moments of the library that match the question best."
RESTS_ON: Final = "What it rests on"
CAPTION: Final = "{time} in {video} (strength {strength})"
CAPTION_OF_STRETCH: Final = "{time} in {video} ({start} to {end}, strength {strength})"
CITED_LINES: Final = "Words that it cites"
SAID: Final = "{time} in {video}, said: “{line}”"
ON_SCREEN: Final = "{time} in {video}, on screen: “{line}”"
CHAPTERS: Final = "Chapters that it rests on"
CHAPTER: Final = "{start} to {end} in {video}: “{title}”"
CHAPTER_WITH_TEXT: Final = "{start} to {end} in {video}: “{title}”. {text}"
NO_ANSWER: Final = "There is no answer."
VIDEOS: Final = "Videos"
ORIGIN: Final = "How it came about"
LIMITS: Final = "Not shown"
RECORDED: Final = "recorded {day}"
MODEL: Final = "Model: {model}"
ASKED: Final = "Asked: {time}"
FROM_MEMORY: Final = "{frames} frames, answered from the video's memory in {seconds} s"
BY_READING: Final = "{frames} frames, answered by reading the video in {seconds} s"
SUPPORTED: Final = "Times in the answer that the evidence supports: {times}"
DOUBTED: Final = "Times in the answer that the evidence does not show: {times}"
STOPPED: Final = "The answer was stopped before its end."
CUT_OFF: Final = "The answer was cut off."
SAW: Final = "The model saw {frames} frames; what lies between them it did not see."
KEPT: Final = "Of {read} visual tokens it kept {kept}."
NO_PICTURE: Final = "{count} of the moments have no picture: their video is no longer in the library."
VIDEO_GONE: Final = "a video that is no longer in the library"

WORDS: Final = (
    EVIDENCE, FOUND, RESTS_ON, CAPTION, CAPTION_OF_STRETCH, CITED_LINES, SAID, ON_SCREEN, CHAPTERS, CHAPTER,
    CHAPTER_WITH_TEXT, NO_ANSWER, VIDEOS,
    ORIGIN, LIMITS, RECORDED, MODEL, ASKED, FROM_MEMORY, BY_READING, SUPPORTED, DOUBTED, STOPPED, CUT_OFF, SAW,
    KEPT, NO_PICTURE, VIDEO_GONE,
)  # fmt: skip
"""All of them, for those who translate."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """A page's language.

    Attributes:
        language: a tag of BCP 47.
        words: by what is said in English.
    """

    language: str = "en"
    words: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str, /, **values: object) -> str:
        """Return one of the texts with its places filled in."""
        return self.words.get(text, text).format(**values)

    def repeat(self, sentence: str) -> str:
        """Return a sentence that is kept with the answer."""
        return self.words.get(sentence, sentence)
