"""`retake doctor`."""

import click

from retake_core.cli.context import Context, command
from retake_core.system.writer_lock import only_writer


@command
@click.option("--repair", is_flag=True, help="Mend what is damaged in the data directory.")
def doctor(context: Context, repair: bool) -> None:
    """Tell what this computer offers, and whether the library is sound."""
    from retake_core.cli.show.doctor import print_report
    from retake_core.maintenance import health
    from retake_core.maintenance.doctor import examine

    if repair:
        context.data_dir.create()
        with only_writer(context.data_dir):
            findings = health.repair(context.data_dir)
    else:
        findings = health.examine(context.data_dir)
    context.show(examine(context.data_dir, findings, _card_problem), print_report)


def _card_problem() -> str:
    from retake_core.models.torch_machine import card_problem  # loads torch, which may be missing

    return card_problem()
