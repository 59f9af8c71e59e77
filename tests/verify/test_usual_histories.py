"""The history in which nothing goes otherwise: every kind of line is done in it, and nobody has anything against it."""

from __future__ import annotations

import pytest

from orchestrator.record import Holder
from workers.verify.models import MODELS, ONE
from workers.verify.searching import Explorer
from workers.verify.visited import Known


@pytest.mark.parametrize("name", MODELS)
def test_every_line_is_done_and_no_promise_is_broken(name: str) -> None:
    explorer = Explorer(MODELS[name], Known())

    *_, (node, _) = explorer.usual(0)

    holders = [state for state in node.situation.states if isinstance(state, Holder)]
    lines = [line for holder in holders for line in holder.lines.values()]
    assert len(lines) == len(MODELS[name].lines)
    assert all(line.done_at is not None for line in lines)
    assert explorer.tally.found == {}


def test_there_is_a_model_of_each_way_to_move() -> None:
    lines = [model.lines[0] for model in ONE]

    assert {line.kind for line in lines} == {"voice", "shared", "data", "machine"}
    assert {line.handset for line in lines if line.ports} == {"new", "kept", "esim"}
    assert {line.execution for line in lines} == {"on_call", "booked"}
    assert any(line.critical for line in lines)
