"""`retake models`: what a person does with models."""

from pathlib import Path

import click

from retake_core.cancel import CancelToken
from retake_core.cli.context import Context, cancel_on_signal, with_options
from retake_core.display import data_size
from retake_core.errors import UserError


@click.group()
def models() -> None:
    """List, get, choose and delete models: for search, for questions, for speech and for faces."""


@models.command("list")
@with_options
def list_(context: Context) -> None:
    """List the models: licence, size, memory that each needs here, state."""
    from retake_core.cli.show import models as console_models
    from retake_core.models.fitting import measure
    from retake_core.models.shelf import list_models

    document = console_models.models_document(
        list_models(context.settings()), measure(context.settings().precision)
    )
    context.show(document, console_models.print_models)


@models.command()
@with_options
@click.argument("model")
def download(context: Context, model: str) -> None:
    """Download MODEL, an id on the Hugging Face hub. Safe to interrupt and to repeat."""
    from retake_core.cli.show import models as console_models
    from retake_core.models.download import download_model

    cancel = CancelToken()
    with console_models.download_bar() as tell, cancel_on_signal(cancel):
        folder = download_model(model, context.settings(), cancel, tell)
    context.show({"model": model, "folder": folder}, lambda _: click.echo(f"{model} is in {folder}."))


@models.command()
@with_options
@click.argument("model")
@click.option(
    "--precision",
    type=click.Choice(["auto", "full", "4bit"]),
    help="Of all VideoLLMs; auto is full, or 4 bit where nothing else fits the graphics card.",
)
def use(context: Context, model: str, precision: str | None) -> None:
    """Make MODEL (an id, a folder, or "builtin") the one that searches, listens, answers or knows faces."""
    from retake_core.models.shelf import choose
    from retake_core.protocol.model_messages import ModelKind
    from retake_core.settings import change_settings

    if precision == "4bit":
        from retake_core.videollm.four_bit import four_bit_problem

        if problem := four_bit_problem():
            raise UserError(problem)
    context.data_dir.create()
    kind = choose(context.data_dir.settings, model)
    if precision is not None:
        change_settings(context.data_dir.settings, precision=precision)
    if kind is ModelKind.VIDEOLLM:
        done = "answers questions now."
    elif kind is ModelKind.SPEECH:
        done = "writes down what is said, at the next: retake index"
    elif kind is ModelKind.SENTENCES:
        done = "finds what is said in other words, after the next: retake index"
    elif kind is ModelKind.FACES:
        done = "finds faces, at the next: retake index --faces"
    else:
        done = "is made ready by: retake index. Until then search goes on with the one before."
    context.show({"model": model, "kind": kind}, lambda _: click.echo(f"{model} {done}"))


@models.command()
@with_options
@click.argument("model")
def stop(context: Context, model: str) -> None:
    """Let MODEL listen, answer or know faces no longer; it stays on this computer."""
    from retake_core.models.shelf import stop_using

    stop_using(context.data_dir.settings, model)
    context.show({"model": model}, lambda _: click.echo(f"{model} is used no longer."))


@models.command()
@with_options
@click.argument("model")
def delete(context: Context, model: str) -> None:
    """Delete MODEL from this computer; other programs that share the hub's cache lose it too."""
    from retake_core.models.shelf import delete_model

    freed = delete_model(model, context.settings())
    context.show(
        {"model": model, "freed_bytes": freed}, lambda _: click.echo(f"{data_size(freed)} are free again.")
    )


@models.command()
@with_options
@click.argument("folder", type=click.Path(path_type=Path))
def check(context: Context, folder: Path) -> None:
    """Tell whether the model in FOLDER can be used."""
    from retake_core.models.check import check_folder

    kind = check_folder(folder.expanduser())
    text = {
        "videollm": "can answer questions",
        "speech": "can write down what is said",
        "faces": "can find faces",
        "sentences": "can tell what sentences mean",
        "encoder": "can search",
    }[kind]
    context.show({"folder": folder, "kind": kind}, lambda _: click.echo(f"The model in {folder} {text}."))
