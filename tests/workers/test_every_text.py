"""No text that a person reads goes past the catalogues. Logs are for machines and stay as they are."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.cli import usage
from workers.runtime import language

WORKERS = Path(language.__file__).parent.parent
LOOKED_UP = {"_", "n_", "marked", "doc_"}
SHOWN = {
    "print", "input", "heading", "loud", "Text", "table", "add_row", "add_column", "say", "wrong", "Fault", "Notice",
    "Breach", "Verdict", "ArgumentTypeError", "UnableToTakeError",
}  # fmt: skip
KEYWORDS = {"help", "description", "what", "remedy", "metavar"}
FOR_MACHINES = {"end", "sep", "style", "file", "justify"}
OWN_PROCESSES = {
    "bench/contenders.py",  # writes JSON for the process that started it
    "effects/__main__.py",  # writes to its log
    "imports/sample.py",  # a tool of those who work on the code
    "providers/simulated.py",  # is raised in an effect worker, which writes it to its log
    "world/__main__.py",  # writes to its log
}
WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? +[a-z{(]")
"""More than a name: at least two words, or a word and a field."""


def _modules() -> list[Path]:
    return [module for module in WORKERS.rglob("*.py") if module.relative_to(WORKERS).as_posix() not in OWN_PROCESSES]


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _shown(call: ast.Call) -> Iterator[ast.expr]:
    """What of a call a person gets to read."""
    name = _called(call)
    if name in SHOWN or re.fullmatch(r"UnableTo\w+Error", name):
        yield from call.args
        yield from (given.value for given in call.keywords if given.arg not in FOR_MACHINES)
    elif name in {"add_argument", "add_parser", "ArgumentParser", "add_subparsers"}:
        yield from (given.value for given in call.keywords if given.arg in KEYWORDS)


def _bare(part: ast.AST) -> Iterator[str]:
    """The texts in it that no catalogue is asked for. A call within is looked at on its own, and a fact is no text."""
    if isinstance(part, ast.Call) and (_called(part) in LOOKED_UP | SHOWN or _called(part)[:1].isupper()):
        return
    if isinstance(part, ast.Constant) and isinstance(part.value, str) and WORDS.search(part.value):
        yield part.value
    for inner in ast.iter_child_nodes(part):
        yield from _bare(inner)


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.relative_to(WORKERS).as_posix())
def test_no_text_goes_past_the_catalogue(module: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]

    assert [(call.lineno, text) for call in calls for given in _shown(call) for text in _bare(given)] == []


def test_argparse_looks_up_what_we_have_translated() -> None:
    looked_up = {
        call.args[0].value
        for call in ast.walk(ast.parse(inspect.getsource(argparse)))
        if isinstance(call, ast.Call) and _called(call) == "_" and isinstance(call.args[0], ast.Constant)
    }

    assert set(usage.SAID) - looked_up == set()
