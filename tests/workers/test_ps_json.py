"""`naadloos ps --json` tells other programs what people read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.workers.conftest import Crew, Ps
from workers.cli.exits import Exit
from workers.runtime.health import Health


def test_for_other_programs_it_is_json(crew: Crew, clock: Callable[..., Health], ps: Ps) -> None:
    crew(clock(partitions=False))

    code, out, err = ps("--health", "--json")

    told = json.loads(out)
    assert (code, told["well"], err) == (Exit.FAILED, False, "")
    assert told["workers"][1]["says"]["waits_for"] == ["partitions"]
    assert told["troubles"] == [{"what": "not-ready", "worker": "clock", "about": "partitions", "value": 0}]


def test_the_roll_is_told_as_json_too(crew: Crew, clock: Callable[..., Health], ps: Ps) -> None:
    crew(clock())

    code, out, _ = ps("--json")

    assert (code, json.loads(out)["workers"][0]["name"]) == (Exit.DONE, "clock")


@pytest.mark.parametrize("words", [("--json",), ("--json", "--health")])
def test_where_nobody_runs_other_programs_read_that_in_json(ps: Ps, words: tuple[str, ...]) -> None:
    code, out, err = ps(*words)

    assert (code, json.loads(out)["workers"]) == (Exit.UNAVAILABLE, [])
    assert "naadloos up" in err
