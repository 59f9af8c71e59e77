"""Whoever looks on while a programme runs, and holds every decision against what was promised, by what is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from events.base import SubjectId
from events.registry import AnyFact
from orchestrator.decision import Decision
from orchestrator.record import Holder
from tests.simulation.in_process import Programme
from workers.promises.judging import Onlooker


@dataclass
class Promises:
    """What was broken, in words."""

    broken: list[str] = field(default_factory=list)
    _onlooker: Onlooker = field(default_factory=Onlooker)

    def look_on(self, programme: Programme, subject: SubjectId, _: AnyFact, decision: Decision) -> None:
        """Judge this decision."""
        holder, now = programme.states[subject], programme.clock.at
        if isinstance(holder, Holder):
            found = self._onlooker.broken(holder, decision, now=now, looks=subject in programme.looks)
            self.broken += [f"{now:%m-%d %H:%M} {one.line}: {one.promise}: {one.why}" for one in found]
