"""Timelines as Final Cut Pro XML 1.8, with times as exact fractions of a second.

OpenTimelineIO's writer loses sound and start time codes, and runs another program to learn the size of pictures.
"""

from collections.abc import Mapping
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import opentimelineio as otio

from retake_core.export.footage import Footage
from retake_core.export.timeline import CHAPTER_COLOUR

VERSION = "1.8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'


def to_fcpxml(timeline: otio.schema.Timeline, footages: Mapping[str, Footage]) -> str:
    """Return the only track of a timeline as a project.

    Args:
        timeline: as `timeline.timeline` makes it.
        footages: of its recordings, by their URLs.
    """
    root = Element("fcpxml", version=VERSION)
    resources = SubElement(root, "resources")
    clips = [clip for clip in timeline.video_tracks()[0] if isinstance(clip, otio.schema.Clip)]
    assets: dict[str, tuple[str, str]] = {}
    for clip in clips:
        url = clip.media_reference.target_url
        if url not in assets:
            assets[url] = _asset(resources, clip.media_reference, footages[url], len(assets) + 1)
    first = footages[clips[0].media_reference.target_url]
    project = SubElement(root, "project", name=timeline.name)
    sequence = SubElement(
        project,
        "sequence",
        format=assets[clips[0].media_reference.target_url][1],
        tcStart="0s",
        tcFormat=_counting(clips[0]),
    )
    spine = SubElement(sequence, "spine")
    at = Fraction(0)
    for clip in clips:
        url = clip.media_reference.target_url
        asset, format_ = assets[url]
        frame = 1 / footages[url].rate
        length = _frames(clip.source_range.duration) * frame
        element = SubElement(
            spine,
            "asset-clip",
            name=clip.name,
            ref=asset,
            offset=_seconds(_on_grid(at, first)),
            start=_seconds(_frames(clip.source_range.start_time) * frame),
            duration=_seconds(length),
            format=format_,
            tcFormat=_counting(clip),
        )
        if note := clip.metadata["retake"]["note"]:
            SubElement(element, "note").text = note  # before all else, as the format has it
        for marker in clip.markers:
            start = _seconds(_frames(marker.marked_range.start_time) * frame)
            kind = "chapter-marker" if marker.color == CHAPTER_COLOUR else "marker"
            attributes = {"start": start, "duration": _seconds(frame), "value": marker.name}
            SubElement(element, kind, attributes | ({"note": marker.comment} if marker.comment else {}))
        at += length
    sequence.set("duration", _seconds(_on_grid(at, first)))
    indent(root)
    return f"{_HEAD}{tostring(root, encoding='unicode')}\n"


def _asset(
    resources: Element, media: otio.schema.ExternalReference, footage: Footage, number: int
) -> tuple[str, str]:
    frame = 1 / footage.rate
    asset, format_ = f"r{2 * number}", f"r{2 * number - 1}"
    width, height = footage.size
    SubElement(
        resources, "format", id=format_, frameDuration=_seconds(frame), width=str(width), height=str(height)
    )
    attributes = {
        "id": asset,
        "name": media.name,
        "src": media.target_url,
        "start": _seconds(_frames(media.available_range.start_time) * frame),
        "duration": _seconds(_frames(media.available_range.duration) * frame),
        "hasVideo": "1",
        "format": format_,
    }
    if footage.sound is not None:
        rate, channels = footage.sound
        attributes |= {
            "hasAudio": "1",
            "audioSources": "1",
            "audioChannels": str(channels),
            "audioRate": str(rate),
        }
    SubElement(resources, "asset", attributes)
    return asset, format_


def _counting(clip: otio.schema.Clip) -> str:
    return "DF" if clip.metadata["retake"]["drop_frame"] else "NDF"


def _frames(time: otio.opentime.RationalTime) -> int:
    frame: int = round(time.value)
    return frame


def _on_grid(time: Fraction, footage: Footage) -> Fraction:
    """Return the nearest time of a frame: a sequence has frames of one length."""
    return round(time * footage.rate) / footage.rate


def _seconds(time: Fraction) -> str:
    """Return a time as the format writes it; a frame's length is always a fraction."""
    return f"{time.numerator}s" if time.denominator == 1 else f"{time.numerator}/{time.denominator}s"
