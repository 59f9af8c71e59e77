"""Everything that the journal says at one moment, put together from its partitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from events.base import LineId, Msisdn, SubjectId, subject_of
from events.enrolment import LineKind
from orchestrator.reachability import known_ways, reachable
from orchestrator.record import Holder, Line
from orchestrator.shared.programme import Programme
from orchestrator.shared.roster import Roster
from orchestrator.shared.wave import Wave
from orchestrator.subjects import State
from orchestrator.terms import Terms
from workers.journal.fold import Fold

_CALLED: Final = frozenset({LineKind.VOICE, LineKind.SHARED})


@dataclass(frozen=True)
class Known:
    """What is known of all subjects, by the programme's clock at `at`."""

    states: Mapping[SubjectId, State]
    looks: Mapping[SubjectId, datetime]
    at: datetime | None
    terms: Terms

    @classmethod
    def of(cls, folds: Mapping[int, Fold], terms: Terms) -> Known:
        """What these folds know together; the newest of their clocks is the programme's."""
        states = {name: state for fold in folds.values() for name, state in fold.states.items()}
        looks = {name: look for fold in folds.values() for name, look in fold.looks.items()}
        at = max((fold.at for fold in folds.values() if fold.at is not None), default=None)
        return cls(states, looks, at, terms)

    def holders(self) -> Iterator[Holder]:
        """Employees and shared lines, in the order of their ids."""
        return (state for _name, state in sorted(self.states.items()) if isinstance(state, Holder))

    def lines(self) -> Iterator[tuple[Holder, Line]]:
        """Every enrolled line with its holder, in the order of ids."""
        return ((h, line) for h in self.holders() for _name, line in sorted(h.lines.items()) if line.terms is not None)

    def waves(self) -> list[Wave]:
        """Every planned wave, in the order of ids."""
        return [s for _name, s in sorted(self.states.items()) if isinstance(s, Wave) and s.planned is not None]

    def rosters(self) -> dict[SubjectId, Roster]:
        """Every duty roster."""
        return {name: state for name, state in self.states.items() if isinstance(state, Roster)}

    @property
    def programme_id(self) -> SubjectId:
        """The subject that is the programme itself."""
        return SubjectId(f"P-{self.terms.programme}")

    def programme(self) -> Programme | None:
        """The programme itself, once something was said of it."""
        state = self.states.get(self.programme_id)
        return state if isinstance(state, Programme) else None

    def holder(self, subject: SubjectId) -> Holder | None:
        """This employee or shared line, where anything is known of it."""
        state = self.states.get(subject)
        return state if isinstance(state, Holder) else None

    def line(self, line: LineId) -> Line | None:
        """This line, where it is enrolled."""
        holder = self.holder(subject_of(line))
        found = holder.lines.get(line) if holder else None
        return found if found is not None and found.terms is not None else None

    def unreachable(self) -> list[Line]:
        """The lines whose callers reach nobody, by all that we know; lines that ended for good aside."""
        lines = [line for _holder, line in self.lines()]
        directory: dict[Msisdn, Line] = {line.terms.number: line for line in lines if line.terms is not None}
        return [line for line in lines if answerable(line) and not reachable(known_ways(line, directory))]


def answerable(line: Line) -> bool:
    """Whether a caller may expect an answer: the line carries calls, was there before us, and is not given up."""
    terms = line.terms
    return terms is not None and terms.kind in _CALLED and not terms.born_new and line.ended is None
