"""What a benchmark prints: tables and remarks, and a line that says when, how and on what computer it was run.

`--markdown` prints them as a section of tests/benchmarks/README.md, between two marks with the benchmark's name.
`--into FILE` puts the section in the place of the last one.
"""

import argparse
import json
import os
import platform
import re
import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import psutil

Row = dict[str, str | float | None]
"""One line of a table: cells by column."""

Part = str | Sequence[Row]
"""A paragraph, or a table of at least one row."""

OPTIONS = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
OPTIONS.add_argument("--markdown", action="store_true", help="print it as a section of tests/benchmarks/README.md")
OPTIONS.add_argument("--into", type=Path, metavar="FILE", help="put that section into this file, too")
OPTIONS.add_argument("--json", type=Path, metavar="FILE", help="write the numbers into this file, too")


def make_parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows what all benchmarks share."""
    form = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(description=description, formatter_class=form, parents=[OPTIONS])


class Report:
    """The report of one run. Make it before the work begins: it notes how busy the computer is.

    Args:
        module: the benchmark's, as `python -m` takes it.
        words: its command line; None is the program's.
    """

    def __init__(self, module: str, words: Sequence[str] | None = None) -> None:
        self._options, arguments = OPTIONS.parse_known_args(words)
        self._name = module.rpartition(".")[2]
        self._command = shlex.join(["python", "-m", module, *arguments])
        self._load = os.getloadavg()[0]

    def publish(self, *parts: Part) -> None:
        """Print tables and paragraphs, and write them where the command line says."""
        parts = (*parts, self._origin())
        section = _between_marks(self._name, "\n\n".join(_text(part, aligned=False) for part in parts))
        if self._options.into:
            put_section(self._options.into, self._name, section)
        if self._options.json:
            self._options.json.write_text(json.dumps(parts, indent=2), "utf-8")
        print(section if self._options.markdown else "\n\n".join(_text(part, aligned=True) for part in parts))

    def _origin(self) -> str:
        return (
            f"Measured on {date.today().isoformat()} by `{self._command}`, on {describe_machine()}; "
            f"load {self._load:.1f} when it began."
        )


def describe_machine() -> str:
    """Return the processor, its cores and the memory, such as "an AMD EPYC, 2 cores, 24 GB"."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB"


def put_section(file: Path, name: str, section: str) -> None:
    """Put a section in the place of the one of its name.

    Raises:
        SystemExit: the file has no such section.
    """
    text = file.read_text("utf-8")
    marks = re.compile(_between_marks(name, ".*?"), re.DOTALL)
    if not marks.search(text):
        raise SystemExit(f"{file} has no section for it; write <!-- {name} --> and <!-- /{name} --> into it.")
    file.write_text(marks.sub(lambda _: section, text), "utf-8")


def verdict(passed: bool) -> str:
    """Say whether a target was met."""
    return "PASS" if passed else "MISS"


def _between_marks(name: str, content: str) -> str:
    return f"<!-- {name} -->\n\n{content}\n\n<!-- /{name} -->"


def _text(part: Part, *, aligned: bool) -> str:
    return part if isinstance(part, str) else _table(part, aligned=aligned)


def _table(rows: Sequence[Row], *, aligned: bool) -> str:
    columns = list(rows[0])
    lines = [columns, *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(map(len, column)) if aligned else 0 for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * max(width, 3) for width in widths])
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in padded)


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"


def _processor() -> str:
    try:
        names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
