"""What an act would break, before it is said: the decisions that follow at once from it, held against the promises.

The same function that looks on at what was decided (`judging`) looks at what would be. While the code that decides is
the code that was proved, it finds nothing; a wrong deployment is stopped at the first act, and not only reported after.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from events.base import SubjectId
from events.registry import AnyFact
from orchestrator import subjects
from orchestrator.decision import Decision
from orchestrator.record import Holder
from orchestrator.subjects import State
from orchestrator.terms import Terms
from workers.promises.judging import Broken, Onlooker, Promise

R1: Final = frozenset({Promise.LAW, Promise.UNREACHABLE})
"""What cuts somebody off."""
Saying = tuple[SubjectId, AnyFact]


def broken_by(
    acts: Iterable[Saying], states: Mapping[SubjectId, State], terms: Terms, *, now: datetime
) -> list[Broken]:
    """How the decisions on these, and on all that they say to other subjects, would break R1; nothing is said.

    What is broken already, act or no act, is not theirs.
    """
    known, found = dict(states), list[Broken]()
    queue = deque(acts)
    while queue:
        subject, fact = queue.popleft()
        before = known.get(subject) or subjects.fresh(subject)
        state = subjects.hear(before, fact, now, now=now)
        try:
            decision = subjects.decide(state, fact, now=now, terms=terms)
        except Exception:  # noqa: BLE001, S112 - a decider orders nothing then either, and holds back
            continue
        known[subject] = subjects.apply(state, decision, now)
        found += broken(before, known[subject], decision, now=now)
        queue.extend((tell.to, tell.fact) for tell in decision.tells)
    return found


def broken(before: State, after: State, decision: Decision, *, now: datetime) -> list[Broken]:
    """How this decision breaks R1, of a subject that was as `before` and is as `after` by it."""
    if not isinstance(after, Holder) or not isinstance(before, Holder):
        return []
    already = set(Onlooker().broken(before, Decision(), now=now, looks=True))
    would = Onlooker().broken(after, decision, now=now, looks=True)
    return [one for one in would if one.promise in R1 and one not in already]
