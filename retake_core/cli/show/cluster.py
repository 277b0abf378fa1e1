"""How the command line shows the computers of a cluster."""

from typing import Any

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import print_line, shown


def print_nodes(nodes: list[dict[str, Any]]) -> None:
    """Print what each computer offers."""
    if not nodes:
        print_line("No computer of the cluster offers a core; run on one: retake cluster join")
        return
    table = Table("computer", "address", "cores", "cards", "memory", "ReTaKe", "sees", "works for")
    for node in nodes:
        paths = "\n".join(f"{there} as {here}" for here, there in node["paths"])
        cards = f"{node['cards']} {node['card']}".rstrip()
        memory = "" if node["memory"] is None else f"{node['memory'] / 2**30:.0f} GB"
        table.add_row(
            shown(node["name"]),
            shown(node["address"]),
            str(node["cores"]),
            shown(cards),
            memory,
            shown(node["version"] or "none"),
            shown(paths),
            shown(node["works_for"]),
        )
    Console().print(table)
    for node in nodes:
        if node["trouble"] is not None:
            print_line(node["trouble"])
