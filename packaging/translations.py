"""Keep the translations in step with the window's texts.

    python packaging/translations.py            # bring the .ts files up to date, and make the .qm files of them
    python packaging/translations.py --check    # only tell what is missing; exits with 1 if anything is

Texts are found in the syntax tree, as Qt's own reader of Python misses those that go through a helper:
`self.tr("…")` stands in the context of its class, and `_tr("…")` or `_T("…")` in the one that the module's helper
names. The engine has those that say what is wrong with a filter, how long work still takes, what the page of an
answer says, and the sentences of its errors and remarks, whose templates are kept for the window. Qt's lupdate
then merges them with what is translated, and lrelease makes the files that the app loads.
"""

import argparse
import ast
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from engine_sentences import engine_sentences

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "retake_desktop"
TEXTS = ROOT / "resources" / "translations"
LOADED = SOURCES / "resources" / "translations"
ENGINE = ROOT / "retake_core"
ENGINE_TEMPLATES = LOADED / "engine.txt"
LANGUAGES = ("zh_CN",)
HELPERS = ("_tr", "_T")
MARKS = ("translate", "QT_TRANSLATE_NOOP")

Text = tuple[str, str]  # context, source


def main() -> int:
    parser = argparse.ArgumentParser(description="Keep the translations in step with the window's texts.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is missing")
    texts = sorted(set(all_texts()))
    templates = "".join(f"{sentence}\n" for sentence in engine_sentences(ENGINE))
    if not parser.parse_args().check:
        ENGINE_TEMPLATES.write_text(templates, "utf-8")
        for language in LANGUAGES:
            update(language, texts)
    missing = [line for language in LANGUAGES for line in problems(language, set(texts))]
    if not ENGINE_TEMPLATES.exists() or ENGINE_TEMPLATES.read_text("utf-8") != templates:
        missing.append(f"{ENGINE_TEMPLATES.name}: is older than the engine")
    print("\n".join(missing) or f"{len(texts)} texts are translated.")
    return 1 if missing else 0


def all_texts() -> Iterator[Text]:
    """Return every text of the window with its context."""
    sys.path.insert(0, str(ROOT))
    from retake_core.display import TIME_LEFT
    from retake_core.export.page_words import WORDS
    from retake_core.search.query import SENTENCES

    yield from (("filters", sentence) for sentence in SENTENCES)
    yield from (("wording", sentence) for sentence in TIME_LEFT)
    yield from (("answer page", text) for text in WORDS)
    yield from (("engine", sentence) for sentence in engine_sentences(ENGINE))
    for path in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"), str(path))
        yield from _texts(tree, None, _module_context(tree))


def problems(language: str, texts: set[Text]) -> Iterator[str]:
    """Tell what is not translated, not used any more, or not as in the loaded file."""
    path = TEXTS / f"retake_{language}.ts"
    done = translations(path)
    for context, source in sorted(texts - {key for key, value in done.items() if value}):
        yield f"{path.name}: not translated: {context}: {source}"
    for context, source in sorted(set(done) - texts):
        yield f"{path.name}: not used any more: {context}: {source}"
    for (context, source), value in done.items():
        if value and placeholders(source) != placeholders(value):
            yield f"{path.name}: other places to fill in: {context}: {source}"
    with tempfile.TemporaryDirectory() as folder:
        fresh = release(language, Path(folder))
        loaded = LOADED / fresh.name
        if not loaded.exists() or loaded.read_bytes() != fresh.read_bytes():
            yield f"{loaded.name}: is older than {path.name}"


def translations(path: Path) -> dict[Text, str]:
    """Read a .ts file; what is not finished is ""."""
    found: dict[Text, str] = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314 - our own file
        for message in context.iter("message"):
            translation = message.find("translation")
            finished = translation is not None and translation.get("type") is None
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = (translation.text or "") if finished and translation is not None else ""
    return found


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {part.split("}")[0] for part in text.split("{")[1:]}


def update(language: str, texts: list[Text]) -> None:
    """Merge the texts into a .ts file, and make the .qm file of it."""
    TEXTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        marked = Path(folder, "texts.cpp")
        lines = [f"QT_TRANSLATE_NOOP({_quoted(context)}, {_quoted(source)});" for context, source in texts]
        marked.write_text("\n".join(lines), encoding="utf-8")
        path = TEXTS / f"retake_{language}.ts"
        options = ["-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language]
        _run("lupdate", [*options, str(marked), "-ts", str(path)])
    LOADED.mkdir(parents=True, exist_ok=True)
    release(language, LOADED)


def release(language: str, folder: Path) -> Path:
    """Make the .qm file of a language in a folder."""
    made = folder / f"retake_{language}.qm"
    _run("lrelease", ["-silent", str(TEXTS / f"retake_{language}.ts"), "-qm", str(made)])
    return made


def _texts(node: ast.AST, class_name: str | None, helper_context: str) -> Iterator[Text]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield from _text(child, class_name, helper_context)
        inner = child.name if isinstance(child, ast.ClassDef) else class_name
        yield from _texts(child, inner, helper_context)


def _text(call: ast.Call, class_name: str | None, helper_context: str) -> Iterator[Text]:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if name == "tr" and len(words) == 1 and class_name:
        yield class_name, words[0]
    elif name in HELPERS and len(words) == 1:
        yield helper_context, words[0]
    elif name in MARKS and len(words) >= 2:
        yield words[0], words[1]


def _module_context(tree: ast.Module) -> str:
    """Return the context that the module's helper translates in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MARKS:
                return str(node.args[0].value)
    return ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _run(tool: str, arguments: list[str]) -> None:
    import PySide6

    command = [str(Path(PySide6.__file__).with_name(tool)), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
