"""The words that may stand under `then:`, checked when a story is read: a slip is not taken for an expectation."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from events.cutover import Network
from events.messages import Role
from events.outcomes import EndReason, IncidentKind, TaskKind
from events.porting import PortState
from orchestrator.reasons import Counterpart, Reason
from workers.scenario import moments
from workers.scenario.page import Page, line_at
from workers.scenario.questions import QUESTIONS
from workers.scenario.words import COMMANDS, FACTS, nearest

EXPECTATIONS: Final = tuple(QUESTIONS)
_OUTCOMES: Final = ("open", "done", *(f"ended: {reason}" for reason in EndReason))
WORDS: Final[Mapping[str, tuple[str, Collection[str]]]] = {
    "reasons": ("reason", set(Reason)),
    "no reasons": ("reason", set(Reason)),
    "commands": ("command", COMMANDS),
    "only commands": ("command", COMMANDS),
    "no commands": ("command", {*COMMANDS, "any"}),
    "tells": ("fact", FACTS),
    "tasks": ("task", set(TaskKind)),
    "no tasks": ("task", {*TaskKind, "any"}),
    "port": ("state of a port", {*PortState, "not requested"}),
    "outcome": ("outcome", set(_OUTCOMES)),
    "incidents": ("incident", set(IncidentKind)),
    "no incidents": ("incident", {*IncidentKind, "any"}),
    "waits on": ("party", set(Counterpart)),
    "net": ("network", set(Network)),
}
"""Which words each key takes, and what they are called."""
TIMES: Final = frozenset({"slot", "slot from", "looks again"})


def check_words(page: Page, key: str, value: object, line: int) -> None:
    """Note every word that is none of those this key takes."""
    if key in TIMES and not moments.readable(value):
        page.wrong(line, f"'{value}' is no time; expected {moments.EXPECTED}")
    if key not in WORDS:
        return
    called, words = WORDS[key]
    for item, where in page.items(value):
        for word in item if isinstance(item, Mapping) else [item]:
            if str(word) not in {str(known) for known in words}:
                page.wrong(where or line, f"'{word}' is no {called}; {nearest(word, [str(w) for w in words])}")
    if key == "tasks" and isinstance(value, Mapping):
        _roles(page, value)


def _roles(page: Page, value: Mapping[str, Any]) -> None:
    for kind, role in value.items():
        if role is not None and role not in set(Role):
            page.wrong(line_at(value, kind), f"'{role}' is no role; {nearest(role, [str(role) for role in Role])}")
