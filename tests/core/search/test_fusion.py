"""Fusion: hits of several sources become moments."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retake_core.search.fusion import CUT_OFF, Joined, SourceHit, Why, fuse


def picture(start: float, end: float, confidence: float = 0.8, video: int = 1) -> SourceHit:
    return SourceHit(video, start, end, start, Why.PICTURE, confidence, keyframe_id=int(start))


def said(start: float, end: float, confidence: float = 0.8, video: int = 1) -> SourceHit:
    return SourceHit(video, start, end, start, Why.SAID, confidence, text="words")


def title(confidence: float = 0.8, video: int = 1) -> SourceHit:
    return SourceHit(video, 0.0, math.inf, 0.0, Why.TITLE, confidence, text="name")


def shape(moments: list[Joined]) -> list[tuple[int, float, float, set[str]]]:
    return [(m.video_id, m.start, m.end, {why.value for why in m.best}) for m in moments]


def test_what_lies_over_each_other_is_one_moment() -> None:
    found = fuse([picture(10, 20), said(12, 14), picture(20, 30, 0.9), said(50, 52), picture(90, 95)])
    assert {(start, end, *sorted(whys)) for _, start, end, whys in shape(found)} == {
        (10, 30, "picture", "said"),
        (50, 52, "said"),
        (90, 95, "picture"),
    }
    assert found[0].start == 10
    assert found[0].confidence == pytest.approx(1 - 0.1 * 0.2)


def test_support_does_not_widen_a_moment() -> None:
    (moment,) = fuse([said(12, 14), picture(10, 60, 0.3)])
    assert (moment.start, moment.end) == (12, 14)
    assert moment.confidence == pytest.approx(1 - 0.2 * 0.7)


def test_two_half_hearted_sources_may_convince_but_one_may_not() -> None:
    assert fuse([said(12, 14, 0.4)]) == []
    assert fuse([picture(10, 20, 0.45)]) == []
    assert shape(fuse([said(12, 14, 0.4), picture(10, 20, 0.45)])) == [(1, 12, 14, {"said", "picture"})]
    assert len(fuse([said(12, 14, 0.4)], cut_off=0.2)) == 1


def test_a_title_supports_what_is_in_its_video_or_stands_for_it() -> None:
    assert shape(fuse([title(), picture(5, 9, 0.4)])) == [(1, 5, 9, {"picture", "title"})]
    assert shape(fuse([title(), picture(5, 9, 0.1)])) == [(1, 0, math.inf, {"title"})]
    assert fuse([title(0.4), picture(5, 9, 0.4)]) == []


def test_agreement_and_confidence_decide_the_order() -> None:
    hits = [picture(0, 9, 0.6, video=1), picture(0, 9, 0.9, video=2), said(0, 5, 0.9, video=2)]
    hits += [said(0, 5, 0.99, video=3), picture(0, 9, 0.55, video=4)]
    assert [moment.video_id for moment in fuse(hits)] == [2, 3, 1, 4]


HITS = st.builds(
    lambda video, start, length, why, confidence: SourceHit(video, start, start + length, start, why, confidence),
    st.integers(1, 3),
    st.floats(0, 100),
    st.floats(0, 20),
    st.sampled_from(list(Why)),
    st.floats(0, 0.999),
)


@given(st.lists(HITS, max_size=20), st.floats(0.2, 0.9))
def test_whatever_is_found(hits: list[SourceHit], cut_off: float) -> None:
    moments = fuse(hits, cut_off=cut_off)
    assert moments == fuse(list(reversed(hits)), cut_off=cut_off)
    for moment in moments:
        assert cut_off <= moment.confidence <= 1
        assert all(hit in hits for hit in moment.best.values())
    sure = {hit.video_id for hit in hits if hit.confidence >= max(cut_off, CUT_OFF)}
    assert sure <= {moment.video_id for moment in moments}
