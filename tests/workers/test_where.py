"""Where something failed is told as the line of our own code, so that whoever reads it knows which file is meant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.deciding.cutover import cutover_desk
from orchestrator.knowing.cutover import heard_cutover
from workers.keeping.kept import headers_given
from workers.runtime.where import where

ROOT = Path(__file__).parents[2]


def told(fails: Callable[[], object]) -> str:
    with pytest.raises((AssertionError, AttributeError, json.JSONDecodeError)) as raised:
        fails()
    return where(raised.value)


@pytest.mark.parametrize(
    ("fails", "file", "line"),
    [
        (lambda: cutover_desk(None), "orchestrator/deciding/cutover.py", "case.line"),  # type: ignore[arg-type]  # so it fails
        (lambda: heard_cutover(None, None, None), "orchestrator/knowing/cutover.py", "assert_never"),  # type: ignore[arg-type]
        (lambda: headers_given("{"), "workers/keeping/kept.py", "json.loads"),
    ],
)
def test_it_is_the_last_line_of_ours_though_a_library_raised(fails: Callable[[], object], file: str, line: str) -> None:
    place = re.fullmatch(r"(.+):(\d+)", told(fails))

    assert place is not None
    assert place[1] == file
    assert line in (ROOT / file).read_text(encoding="utf-8").splitlines()[int(place[2]) - 1]


def test_where_no_line_is_ours_it_is_the_innermost_without_the_machines_folders() -> None:
    assert re.fullmatch(r"decoder\.py:\d+", told(lambda: json.loads("{")))
