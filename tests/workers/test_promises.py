"""The monitor: a decision that breaks a promise is found in the record that it stands in, and no other is."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from events.codec import encode
from events.envelope import Said
from tests.core.spec import Spec, given
from workers.journal.fold import Fold
from workers.promises.following import At, Watchful
from workers.promises.judging import Promise
from workers.verify.guards import GUARDS
from workers.verify.without import Instead, standing


def journal(line: Spec, out: Iterable[Instead] = ()) -> list[bytes]:
    """The records of this history, decided by code without some of its guards."""
    fold, records = Fold(0, line.stage.terms), []
    with standing(out):
        for number, heard in enumerate(line.stage.history):
            said = Said(str(number), "/test", heard.subject, heard.at, heard.at, heard.fact)
            record, _ = fold.decide(encode(said), key=heard.subject.encode(), offset=number, now=heard.at)
            records.append(record)
    return records


def found(records: Iterable[bytes], terms: Spec) -> list[At]:
    watchful = Watchful(0, terms.stage.terms)
    for record in records:
        assert watchful.follow(record) is not None
    return watchful.taken()


def test_a_life_in_which_all_is_in_order_breaks_no_promise() -> None:
    line = given("done")

    assert found(journal(line), line) == []


WITHOUT = {
    "a hold closes the gate": ("control.held", {}),
    "an unread message closes the gate": (
        "control.letter-opened",
        {"letter": "inbox/0/7", "reason": "not_json", "detail": ""},
    ),
    "no mandate closes the gate": ("enrolment.mandate-withdrawn", {}),
}


@pytest.mark.parametrize("guard", WITHOUT)
def test_a_gate_that_is_deployed_without_one_of_its_guards_is_found_at_the_first_record(guard: str) -> None:
    fact, fields = WITHOUT[guard]
    line = given("ready")
    with standing(GUARDS[guard].out):
        line.hear(fact, after="+1 hour", **fields).at("slot start + 5 minutes")
    assert "cutover.execute-port" in line.ordered

    broken = found(journal(line, GUARDS[guard].out), line)

    assert {at.broken.promise for at in broken} == {Promise.LAW}
    assert len(broken) == 1
    assert broken[0].broken.line == "E-0001-1"


def test_what_was_found_is_told_once() -> None:
    guard = GUARDS["a hold closes the gate"]
    line = given("ready")
    with standing(guard.out):
        line.hear("control.held", after="+1 hour").at("slot start + 5 minutes")
    watchful = Watchful(0, line.stage.terms)
    for record in journal(line, guard.out):
        watchful.follow(record)

    assert len(watchful.taken()) == 1
    assert watchful.taken() == []


def test_a_line_that_waits_for_nothing_is_forgotten() -> None:
    out = [Instead("orchestrator.deciding.case:Case", "look", lambda _case, _at: None)]
    line = given("planned")
    with standing(out):
        line.at("+1 day")

    assert {at.broken.promise for at in found(journal(line, out), line)} >= {Promise.FORGOTTEN}


def test_what_is_ordered_twice_in_one_decision_is_found() -> None:
    out = [Instead("orchestrator.deciding.case:Case", "order", lambda case, command: case.commands.append(command))]
    line = given("done").without("cutover.set-forward")
    with standing(out):
        line.hear("cutover.reported-unreachable", after="+1 day")

    assert {at.broken.promise for at in found(journal(line, out), line)} >= {Promise.KEYS}
