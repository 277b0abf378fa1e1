"""Collect the sentences that the engine says to people, as templates with numbered places: "{0} is damaged."."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

# What these say is not shown in the window, or is translated otherwise.
ELSEWHERE = (
    "cli",
    "mcp_server",
    "protocol",
    "search/query.py",
    "export/page_words.py",
    "videollm/describing/form.py",
)
NO_SENTENCES = ("ArgumentParser", "add_argument", "log")
COMMAND = re.compile(r"(with|[Rr]un|again|on|see): (\{\d+\}|retake |pip |sudo )[^.]*$")  # how a sentence may end


def engine_sentences(engine: Path) -> list[str]:
    """Return all templates in the sources of the engine, each once, in alphabetical order."""
    found: set[str] = set()
    for path in engine.rglob("*.py"):
        name = path.relative_to(engine).as_posix()
        if not name.startswith(ELSEWHERE):
            found.update(_sentences(ast.parse(path.read_text("utf-8"), str(path))))
    for path in engine.rglob("retake.json"):  # what a model that comes along says of itself
        found.add(json.loads(path.read_bytes())["note"])
    return sorted(found)


def _sentences(node: ast.AST, *, said: bool = False) -> Iterator[str]:
    """Find sentences: what ends like one, and all that an error is made of (`said`)."""
    for child in ast.iter_child_nodes(node):
        if _is_documentation(child) or _calls(child) in NO_SENTENCES:
            continue
        template = _template(child)
        if template is None:
            yield from _sentences(child, said=_calls(child).endswith("Error"))
        elif _is_sentence(template, said=said):
            yield template


def _is_documentation(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _calls(node: ast.AST) -> str:
    """Return what a node calls: a function, or the object of a method that writes a log."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return owner.id if isinstance(owner, ast.Name) and owner.id == "log" else node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _template(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts, places = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{places}}}")
            places += 1
    return "".join(parts)


def _is_sentence(text: str, *, said: bool) -> bool:
    begins = text[:1].isupper() or text[:1].isdigit() or text[:1] in ("“", "{")
    words = any(part.strip(" .:;,()") for part in text.split("}")[1:]) if text.startswith("{") else True
    ends = said or text[-1:] == "." or COMMAND.search(text) is not None
    return begins and words and ends and text == text.strip() and " " in text and "\n" not in text
