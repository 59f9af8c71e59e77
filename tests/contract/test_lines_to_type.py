"""Every line that a text of the product tells people to type is one that the command line understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from tests.workers.test_language import _entries
from workers.cli import parser

LINE: Final = re.compile(r"  (naadloos [^\n]*?)(?=   | \(|\n|$)")
"""After two spaces, up to three, a bracket or the line's end."""
FILLED: Final = {
    "who": "E-0001",
    "line": "E-0001-1",
    "wave": "W-01",
    "asked": "--who E-0001 --save mend.json",
    "count": "3",
    "order": "explain",
    "first": "E-0001",
}
NAMED: Final = {
    "EMPLOYEE": "E-0001",
    "TIME": "2027-03-01T09:00",
    "WAVE": "W-01",
    "ACCOUNT": "planner",
    "REASON": "kit_asked",
    "NUMBER": "3",
}
"""Words in capitals that stand for something; all others for a file."""


def lines() -> list[str]:
    texts = (part for id_ in _entries("en") for part in ((id_,) if isinstance(id_, str) else id_))
    found = (one for text in texts for line in LINE.findall(text) for one in line.split(" && "))
    return sorted({line.rstrip(".…") for line in found})


def typed(line: str) -> list[str]:
    filled = re.sub(r"\{(\w+)[^}]*\}", lambda found: FILLED.get(found[1], "some-file"), line)
    spelt = re.sub(r"(?<![\w-])[A-Z][A-Z-]{2,}…?(?![\w-])", lambda found: NAMED.get(found[0], "some-file"), filled)
    return shlex.split(spelt)[1:]


def test_there_are_such_lines() -> None:
    assert len(lines()) > 40


@pytest.mark.parametrize("line", lines())
def test_a_line_to_type_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = typed(line)

    if words[-1] in {"--help", "--version"}:
        with pytest.raises(SystemExit, match="0"):
            parser(words).parse_args(words)
    else:
        assert callable(parser(words).parse_args(words).run)
