"""Giving orders for files, and looking at what came."""

from pathlib import Path

from PIL import Image

from retake_core.cancel import CancelToken
from retake_core.export.service import ExportService
from retake_core.protocol.export_order import Note, Order, Report
from retake_core.protocol.requests import Export


def report_of(exporter: ExportService, order: Order, progress: list[float] | None = None) -> Report:
    fractions = [] if progress is None else progress
    done = exporter.export(Export(id=1, order=order), CancelToken(), lambda made: fractions.append(made.fraction))
    assert done.report.target == order.target
    assert done.report.size >= Path(order.target).stat().st_size > 0
    return done.report


def run(exporter: ExportService, order: Order) -> tuple[Note, ...]:
    return report_of(exporter, order).notes


def size(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as opened:
        return opened.size
