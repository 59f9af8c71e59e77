"""The words that may stand under `then:`, checked when a story is read: a slip is not taken for an expectation."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from events.cutover import Network
from events.messages import Role
from events.outcomes import EndReason, IncidentKind, TaskKind
from events.porting import PortState
from orchestrator.reasons import Counterpart, Reason
from workers.runtime.language import _, marked
from workers.runtime.type_names import COMMANDS, FACTS
from workers.scenario import moments
from workers.scenario.page import Page, line_at
from workers.scenario.questions import QUESTIONS

EXPECTATIONS: Final = tuple(QUESTIONS)
_OUTCOMES: Final = ("open", "done", *(f"ended: {reason}" for reason in EndReason))
WORDS: Final[Mapping[str, tuple[str, Collection[str]]]] = {
    "reasons": (marked("reason"), set(Reason)),
    "no reasons": (marked("reason"), set(Reason)),
    "commands": (marked("command"), COMMANDS),
    "only commands": (marked("command"), COMMANDS),
    "no commands": (marked("command"), {*COMMANDS, "any"}),
    "tells": (marked("fact"), FACTS),
    "tasks": (marked("task"), set(TaskKind)),
    "no tasks": (marked("task"), {*TaskKind, "any"}),
    "port": (marked("state of a port"), {*PortState, "not requested"}),
    "outcome": (marked("outcome"), set(_OUTCOMES)),
    "incidents": (marked("incident"), set(IncidentKind)),
    "no incidents": (marked("incident"), {*IncidentKind, "any"}),
    "waits on": (marked("party"), set(Counterpart)),
    "net": (marked("network"), set(Network)),
}
"""Which words each key takes, and what they are called."""
TIMES: Final = frozenset({"slot", "slot from", "looks again"})


def check_words(page: Page, key: str, value: object, line: int) -> None:
    """Note every word that is none of those this key takes."""
    if key in TIMES and not moments.readable(value):
        page.no_time(line, value)
    if key not in WORDS:
        return
    called, words = WORDS[key]
    for item, where in page.items(value):
        for word in item if isinstance(item, Mapping) else [item]:
            if str(word) not in {str(known) for known in words}:
                page.no_such(where or line, word, _(called), map(str, words))
    if key == "tasks" and isinstance(value, Mapping):
        _roles(page, value)


def _roles(page: Page, value: Mapping[str, Any]) -> None:
    for kind, role in value.items():
        if role is not None and role not in set(Role):
            page.no_such(line_at(value, kind), role, _("role"), map(str, Role))
