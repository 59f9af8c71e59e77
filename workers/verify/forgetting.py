"""What nothing reads any more of a record that is settled: told apart by it, two situations would be one all the same.

Each of these says why nobody can read the fields any more. docs/adr/0020 says how it is tried.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from events.base import effect_of
from orchestrator.knowing.asks import SETTLED
from orchestrator.record import Ask, AskState, Task, with_
from orchestrator.shared.wave import Wave
from orchestrator.turn import Plan

UNCOUNTED: Final = frozenset({"ask-port", "book", "execute", "port", "remind", "sms-test", "task", "test"})
"""Effects of which nobody reads how often in a row they were asked: no pause grows, and no task comes of it."""
COUNTED_ON: Final = frozenset({"activate", "recall"})
"""Effects that are asked again after they were done: how often in a row makes the pause after a refusal longer."""
TIMED: Final = frozenset(
    {"activate", "ask-port", "book", "cancel", "message.insert-sim", "rebind", "recall", "reset", "sms-test"}
)
"""Effects of which it is asked, after they were done, when that was; of reminders it is, too."""


def ask(known: Ask) -> Ask:
    """A command that was answered is not asked about; done, it is ordered again only as something else."""
    effect = effect_of(known.key)
    kind = effect.split(".")[0]
    if kind in UNCOUNTED or (known.state is AskState.DONE and kind not in COUNTED_ON):
        known = with_(known, tries=0)
    if known.state in SETTLED:
        known = with_(known, unsure=False, withdrawal=False, not_after=None, code="")
    if known.state is not AskState.DONE or effect in TIMED or kind == "remind":
        return known
    return with_(known, at=None, answered_at=None)


def task(known: Task) -> Task:
    """A task that was closed is not reminded of; when it was done still is asked."""
    return known if known.closed_at is None else with_(known, opened_at=None, because="")


def plan(known: Plan) -> Plan:
    """An answer of the wave is waited for only while the line has the slot that it gave up."""
    if known.slot is None or known.asked_for == known.slot.start:
        return known
    return with_(known, asked_at=None, asked_until=None)


def wave(known: Wave) -> Wave:
    """Once all lines know how the wave stands, nobody asks which of them was told what."""
    return with_(known, told={}) if known.all_told == known.change else known


FORGET: Final[Mapping[type, Callable[[Any], Any]]] = {Ask: ask, Task: task, Plan: plan, Wave: wave}
"""By the kind of record."""
