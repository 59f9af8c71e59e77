"""Whoever looks on while a programme runs, and holds every irreversible command against the law."""

from __future__ import annotations

from dataclasses import dataclass, field

from events.base import SubjectId
from events.registry import AnyFact
from orchestrator.decision import Decision
from orchestrator.record import Holder
from tests.simulation.in_process import Programme
from workers.verify.law import InTruth


@dataclass
class Law:
    """What was ordered against the law, in words."""

    broken: list[str] = field(default_factory=list)

    def look_on(self, programme: Programme, subject: SubjectId, _: AnyFact, decision: Decision) -> None:
        """Judge what this decision ordered."""
        holder, now = programme.states[subject], programme.clock.at
        if not isinstance(holder, Holder):
            return
        for command in decision.commands:
            line = holder.lines.get(command.line)
            if line is not None:
                ordered = InTruth(command, holder, line, now, programme.world.line(line.id))
                self.broken += [f"{now:%m-%d %H:%M} {command.key}: {why}" for why in ordered.breaks()]
