"""The page of the logs says what is so: every event, every writer, and that no line holds what is personal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.contract.documents import ROOT, table
from workers.runtime.log import ALLOWED

PAGE = ROOT / "docs" / "logs.md"
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def test_the_page_of_the_logs_names_every_event_that_is_logged_and_no_other() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "workers").rglob("*.py"))
    logged = set(re.findall(r'\blog\.(?:debug|info|warning|error|critical)\(\s*"([^"]+)"', code))
    told = set(re.findall(r"`([a-z][a-z ]+)`", PAGE.read_text(encoding="utf-8")))

    assert logged - told == set()
    assert {name for name in told if " " in name and not name.startswith("naadloos ")} <= logged


WRITERS = {
    "decider": "journal",
    "effect workers": "effects",
    "inbound adapter": "inbound",
    "clock": "clock",
    "monitor": "promises",
    "simulated world": "world",
    "supervisor": "crew",
}


def test_each_worker_writes_itself_what_the_page_of_the_logs_says_of_it() -> None:
    code = {
        worker: "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "workers" / folder).rglob("*.py"))
        for worker, folder in WRITERS.items()
    }
    rows = table(PAGE, "## Who writes what")

    assert [(row[0], row[2]) for row in rows if f'"{row[2].strip("`")}"' not in code[row[0]]] == []


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call that writes a line: where it stands, and the call."""
    for path in sorted((ROOT / "workers").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and writes_a_line(node.func):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def writes_a_line(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return isinstance(called.value, ast.Name) and called.value.id == "log" and called.attr in LEVELS
    return isinstance(called, ast.Name) and called.id == "end_at_once"


def test_every_field_of_a_line_is_on_the_list_of_what_a_line_may_hold() -> None:
    fields = {(where, word.arg) for where, call in log_calls() for word in call.keywords if word.arg}

    assert len(fields) > len(LEVELS)
    assert {(where, field) for where, field in fields if field not in {*ALLOWED, "exc_info"}} == set()
