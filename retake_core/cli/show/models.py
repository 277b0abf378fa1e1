"""How the command line shows models."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Display

from retake_core.cli.show.text import Document, shown
from retake_core.display import data_size
from retake_core.models.catalogue import NO_COMMERCIAL_USE
from retake_core.protocol.model_messages import (
    DownloadProgress,
    Listed,
    MachineMeasured,
    ModelEntry,
    ModelKind,
    ModelState,
    Need,
)

HEADINGS = {
    ModelKind.ENCODER: "Encoders, for search",
    ModelKind.VIDEOLLM: "VideoLLMs, for questions",
    ModelKind.SPEECH: "Whisper models, for what is said",
    ModelKind.SENTENCES: "Sentence models, for what is meant",
    ModelKind.FACES: "Face models, for who is seen",
}


def models_document(listed: Listed, measured: MachineMeasured) -> Document:
    """Return all models, and what they need here, as plain data."""
    needs = {need.id: need for need in measured.needs}
    document: Document = msgspec.to_builtins(listed)
    document.pop("message")
    for model in document["models"]:
        need = needs.get(model["id"])
        model["needs"] = None if need is None else msgspec.to_builtins(need)
    machine = msgspec.to_builtins(measured)
    return document | {"machine": {name: machine[name] for name in machine if name not in ("message", "needs")}}


def print_models(document: Document) -> None:
    """Print the models, and what this computer has for them."""
    console = Console()
    kind: ModelKind | None = None
    for plain in document["models"]:
        model = msgspec.convert({name: plain[name] for name in plain if name != "needs"}, ModelEntry)
        need = plain["needs"] and msgspec.convert(plain["needs"], Need)
        if model.kind is not kind:
            kind = model.kind
            console.print(f"[bold]{HEADINGS[kind]}[/bold]")
        facts = ", ".join(filter(None, (_state(model), data_size(model.disk_bytes), _licence(model))))
        chosen = ", [green]in use[/green]" if model.chosen else ""
        # An id stands in one piece: it is to be copied.
        console.print(f"  {shown(model.id)}  [dim]{shown(facts)}[/dim]{chosen}", soft_wrap=True)
        if need is not None:
            console.print(f"      {_fit(need)}")
    machine = document["machine"]
    device = machine["device"] or "processor"
    free, total = data_size(machine["free_bytes"]), data_size(machine["total_bytes"])
    free, total = data_size(machine["free_bytes"]), data_size(machine["total_bytes"])
    console.print(
        f"This computer: {device}, {free} of {total} of memory free. "
        f"Downloads go to {document['cache']}, with {data_size(document['free_bytes'])} free."
    )
    would_fit = any(
        plain["needs"] and plain["needs"]["fits_in_four_bit"] and not plain["needs"]["frames"]
        for plain in document["models"]
    )
    four_bit = machine["four_bit_problem"] if would_fit else ""
    for problem in (machine["problem"], four_bit, document["offline"], document["speech"]):
        if problem:
            console.print(f"[yellow]{shown(problem)}[/yellow]")


@contextmanager
def download_bar() -> Iterator[Callable[[DownloadProgress], None]]:
    """Show a download on standard error."""
    errors = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Display(*columns, console=errors, transient=True, disable=not errors.is_terminal) as display:
        task = display.add_task("looking", total=None)

        def tell(progress: DownloadProgress) -> None:
            what = "checking" if progress.checking else progress.model
            display.update(task, description=what, completed=progress.done, total=progress.total)

        yield tell


def _fit(need: Need) -> str:
    needs = f"needs {data_size(need.compressed_bytes)}"
    if need.full_bytes is not None:
        needs += f", or {data_size(need.full_bytes)} without PivotKV"
    if not need.frames:
        return f"{'fits in 4 bit' if need.fits_in_four_bit else 'does not fit'}: {needs}"
    if need.full_bytes is None:
        return f"fits: {needs}"
    return f"fits with {need.frames:,} frames{' in 4 bit' if need.four_bit else ''}: {needs}"


def _licence(model: ModelEntry) -> str:
    return f"{model.licence}: no commercial use" if model.licence in NO_COMMERCIAL_USE else model.licence


def _state(model: ModelEntry) -> str:
    if model.state is ModelState.PARTIAL:
        return f"{100 * model.here_bytes // max(1, model.disk_bytes)} % downloaded"
    if model.state is ModelState.BROKEN:
        return model.reason
    return "ready" if model.state is ModelState.READY else "not here"
