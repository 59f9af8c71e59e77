"""The check can fail: a guard that is taken out is found to be missing, by the rule that it serves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from orchestrator.deciding import gate
from orchestrator.deciding.case import Case
from orchestrator.reasons import Reason
from orchestrator.record import Forward
from tests.verify.searched import Kept, befalls, either, lost, searched
from workers.verify.judging import Rule

Weaken = Callable[[pytest.MonkeyPatch], None]


def without_condition(reason: Reason) -> Weaken:
    def weaken(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(gate, "CONDITIONS", tuple(item for item in gate.CONDITIONS if item[0] is not reason))

    return weaken


def replaced(desk: str, name: str, by: Any) -> Weaken:  # noqa: ANN401 - a function of any shape
    return lambda patch: patch.setattr(sys.modules[f"orchestrator.deciding.{desk}"], name, by)


def nothing(*_: object, **__: object) -> None:
    """A desk that looks at nothing."""


class Guard(NamedTuple):
    """How the guard is taken out, and by which rule that is found, in which system, within k deviations of some."""

    weaken: Weaken
    model: str
    kept: Kept
    rule: Rule
    k: int = 1


GUARDS: dict[str, tuple[Weaken, str, Kept, Rule] | tuple[Weaken, str, Kept, Rule, int]] = {
    "a hold closes the gate": (without_condition(Reason.ON_HOLD), "voice", befalls("held"), Rule.LAW),
    "an unread message closes the gate": (
        without_condition(Reason.UNREAD_MESSAGE), "voice", befalls("unread"), Rule.LAW,
    ),
    "a paused wave closes the gate": (without_condition(Reason.WAVE_NOT_RUNNING), "voice", befalls("paused"), Rule.LAW),
    "a mandate that was taken back closes the gate": (
        without_condition(Reason.NO_MANDATE), "voice", befalls("mandate"), Rule.LAW,
    ),
    "a net is fresh before SIMs are changed": (
        replaced("insertion", "net_fresh", lambda _: True), "booked-single-phone", befalls("forward-lost"), Rule.GAP,
    ),
    "a SIM is tested before it is set up again": (
        replaced("sim", "stays_off", lambda *_: True), "machine", lost("SimAttached"), Rule.GAP,
    ),
    "the SIM that carries a line is not blocked on a word": (
        replaced("kit", "carrying", lambda _: None), "data", befalls("thought-lost"), Rule.GAP,
    ),
    "a task is told again": (
        lambda patch: patch.setattr(Case, "_remind", nothing), "critical", lost("SendMessage"), Rule.DEAD_END,
    ),
    "a lost SIM of a data line is an incident": (
        replaced("endline", "_silenced", nothing), "data", befalls("lost"), Rule.INCIDENT,
    ),
    "an answer that stays away is chased": (
        replaced("port", "_await_answer", nothing), "voice", befalls("unanswered"), Rule.DEAD_END,
    ),
    "the net on the old network died at the port": (
        replaced("net", "forward_on", lambda line, network: line.nets.get(network) or Forward()),
        "voice", either(befalls("ported-back"), lost("SendMessage")), Rule.GAP, 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("guard", GUARDS)
def test_without_the_guard_a_history_breaks_its_rule(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Guard(*GUARDS[guard])
    taken.weaken(monkeypatch)

    found = searched(monkeypatch, taken.model, taken.kept, k=taken.k).found

    assert taken.rule in {broken for broken, _ in found}


@pytest.mark.parametrize("guard", GUARDS)
def test_with_it_none_does(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Guard(*GUARDS[guard])

    assert searched(monkeypatch, whole.model, whole.kept, k=whole.k).found == {}
