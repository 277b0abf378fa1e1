"""`retake people`: who is seen, and what a person says of that."""

import click

from retake_core.cli.context import Context, with_options
from retake_core.cli.moments import parse_moment
from retake_core.errors import UserError
from retake_core.system.writer_lock import only_writer


@click.group(invoke_without_command=True)
@click.option("--all", "everybody", is_flag=True, help="Also those who are hidden, or seen a single time.")
@with_options
def people(context: Context, everybody: bool) -> None:
    """List who is seen and where; name the groups of faces, mend and forget them.

    Faces are looked for when you say so: retake index --faces, or faces = true in the settings. A person is meant
    by name or number. The search knows person:NAME, and people:2 finds where two or more are seen at once.
    """
    if click.get_current_context().invoked_subcommand is not None:
        return
    _show(context, everybody=everybody)


@people.command()
@with_options
@click.argument("person")
@click.argument("name")
def name(context: Context, person: str, name: str) -> None:
    """Call PERSON, the number or the old name of one, NAME."""
    from retake_core.library.persons import find_person, name_person

    with context.library() as database, database.writing() as connection:
        name_person(connection, find_person(connection, person), name)
    _show(context)


@people.command()
@with_options
@click.argument("person")
@click.argument("others", nargs=-1, required=True)
def merge(context: Context, person: str, others: tuple[str, ...]) -> None:
    """Make OTHERS one with PERSON, who keeps the name: it is the same person."""
    from retake_core.library.persons import find_person, merge_people

    with context.library() as database, database.writing() as connection:
        merge_people(connection, find_person(connection, person), [find_person(connection, o) for o in others])
    _show(context)


@people.command()
@with_options
@click.argument("person")
@click.argument("moments", nargs=-1, required=True, metavar="VIDEO@TIME...")
def split(context: Context, person: str, moments: tuple[str, ...]) -> None:
    """Say that PERSON is not who is seen in these moments: their faces become another person."""
    from retake_core.library.catalog import find_video
    from retake_core.library.persons import faces_at, find_person, split_person

    with context.library() as database, database.writing() as connection:
        number = find_person(connection, person)
        faces: list[int] = []
        for moment in moments:
            video, time = parse_moment(moment)
            found = faces_at(connection, number, find_video(connection, video).id, time)
            if not found:
                raise UserError(f"{person} is not seen at {moment}; `retake people` tells where.")
            faces += found
        split_person(connection, number, faces)
    _show(context)


@people.command()
@with_options
@click.argument("persons", nargs=-1, required=True, metavar="PERSON...")
@click.option("--show", is_flag=True, help="Show them again.")
def hide(context: Context, persons: tuple[str, ...], show: bool) -> None:
    """Leave PERSON out of lists, and of what people:2 counts: a passer-by, or what is no face."""
    from retake_core.library.persons import find_person, hide_person

    with context.library() as database, database.writing() as connection:
        for person in persons:
            hide_person(connection, find_person(connection, person), hidden=not show)
    _show(context)


@people.command()
@with_options
@click.argument("persons", nargs=-1, metavar="PERSON...")
@click.option("--all", "everybody", is_flag=True, help="Everybody; and look for faces no more.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(context: Context, persons: tuple[str, ...], everybody: bool, yes: bool) -> None:
    """Delete every face of PERSON from the disk, also from the copies of the library, which go as a whole.

    A video that is indexed anew is looked at again.
    """
    from retake_core.cli.show.people import print_forgotten
    from retake_core.library.persons import find_person
    from retake_core.maintenance.faces import forget_everybody, forget_persons

    if bool(persons) == everybody:
        raise UserError("Name a person, or forget --all.")
    with context.library() as database, only_writer(context.data_dir):
        with database.reading() as connection:
            numbers = [find_person(connection, person) for person in persons]
        if not yes:
            whom = "everybody" if everybody else ", ".join(persons)
            click.confirm(f"Forget {whom}, with all faces and the copies of the library?", abort=True)
        if everybody:
            forgotten = forget_everybody(database, context.data_dir)
        else:
            forgotten = forget_persons(database, context.data_dir, numbers)
    context.show(forgotten, print_forgotten)


def _show(context: Context, *, everybody: bool = False) -> None:
    from retake_core.cli.show.people import people_document, print_people
    from retake_core.library import persons
    from retake_core.library.catalog import videos_by_id

    with context.library() as database, database.reading() as connection:
        entries = persons.people(connection)
        seen = {moment.video_id for entry in entries for moment in entry.moments}
        document = people_document(entries, videos_by_id(connection, seen), everybody=everybody)
    context.show(document, print_people)
