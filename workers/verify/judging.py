"""What must hold in every step, judged by the world's truth (docs/proof.md has each in a sentence)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from events.base import SubjectId
from events.outcomes import LineDone, Owner
from orchestrator.reachability import known_ways, reachable
from orchestrator.record import Holder, Line
from workers.promises.judging import UNAWAITED, forgotten, twice
from workers.promises.law import IRREVERSIBLE
from workers.verify.law import InTruth
from workers.verify.model import STARTS, Model
from workers.verify.situation import Situation
from workers.verify.stepping import Stepped
from workers.world.gaps import gap_report
from workers.world.line import Cause, TruthLine
from workers.world.truth import answered_by, plain

REMEMBERED: Final = timedelta(hours=4)
"""How far back it matters what answered: longer than a proof is fresh and its batch then takes to run."""
MOMENT: Final = timedelta(minutes=1)
LONG_SINCE: Final = Cause("world", "long since")
AT_ONE_TIME: Final = 150
"""Steps at one time, after which it counts as a loop without end."""
HORIZON: Final = timedelta(days=170)
"""By when every line is over: an acceptance that ran out, and another, lie within it."""


class Rule(StrEnum):
    """What was broken."""

    GAP = "gap"  # R1: somebody was cut off by our doing
    INCIDENT = "incident"  # somebody else cut a person off, we know of it, and no incident is open
    FORGOTTEN = "forgotten"  # an unfinished line that waits for nothing
    DEAD_END = "dead-end"  # a line that never comes to an end though nothing more goes wrong
    LOOP = "loop"  # no end to what is said while no time passes
    LAW = "law"  # an irreversible act that the law forbids
    DONE = "done"  # a line is done whose handset does not answer
    DOSSIERS = "dossiers"  # R3: a second open request
    KEYS = "keys"  # R4: a business key for two requests


class Broken(NamedTuple):
    """A property that does not hold, of which line, and what was seen."""

    rule: Rule
    line: str
    what: str


BY_OTHERS_HEARD: Final = frozenset({"port-early", "ported-back", "sim-blocked", "handset-lost"})
"""What other parties do that silences a number, and tell of."""
REFUSALS: Final = {
    "dossier_open": Rule.DOSSIERS,
    "reference_used_for_another_request": Rule.KEYS,
}
"""How the world's model says that a rule was broken."""


class Judge:
    """Looks at each step of one model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._places = {subject: place for place, subject in enumerate(model.subjects)}
        self._lines = {line.line: place for place, line in enumerate(model.lines)}

    def judge(self, before: Situation, stepped: Stepped) -> tuple[Situation, tuple[Broken, ...]]:
        """The situation with what its judge must remember, and the faults of the step that led to it."""
        after = stepped.situation
        faults = [Broken(REFUSALS[code], line, code) for line, code in stepped.refusals if code in REFUSALS]
        if after.now > before.now:
            faults += self._gaps(before, after)
            after = after._replace(tails=tuple(self._shortened(tail, after) for tail in after.tails))
        if stepped.truth:
            after = after._replace(tails=_longer(after.tails, stepped))
        if stepped.decision is not None and stepped.mail is not None:
            faults += self._decided(after, stepped, stepped.mail.to)
        if after.still > AT_ONE_TIME:
            faults.append(Broken(Rule.LOOP, "", f"{after.still} steps at {after.now:%Y-%m-%d %H:%M}"))
        return after, tuple(faults)

    def ended(self, situation: Situation) -> tuple[Broken, ...]:
        """The faults of a situation in which nothing is ahead any more, or whose time is up."""
        return tuple(
            Broken(Rule.DEAD_END, line.id, "neither done nor ended")
            for holder in self._holders(situation)
            for line in holder.lines.values()
            if not _over(line)
        )

    def _holders(self, situation: Situation) -> Iterator[Holder]:
        return (state for state in situation.states if isinstance(state, Holder))

    # R1, at each moment at which time passes: what answered nobody for no time at all is no gap.

    def _gaps(self, before: Situation, after: Situation) -> Iterator[Broken]:
        for place, tail in enumerate(before.tails):
            last = tail[-1]
            if last.ways.answers != "nothing" or (len(tail) > 1 and last.at < before.now):
                continue  # somebody answers, or it was judged when it began
            rows = [plain(before.worlds[place], told) for told in tail]
            for gap in gap_report(rows, ends=after.now).gaps:
                if gap.since >= before.now and gap.owner is Owner.OURS:
                    yield Broken(Rule.GAP, gap.line, f"{gap.why}, by {gap.cause}")

    def _shortened(self, tail: tuple[TruthLine, ...], after: Situation) -> tuple[TruthLine, ...]:
        """What answered as far back as it matters: since the handset last did, and to where what acted since rests on.

        Never less than for as long as a proof is fresh, since a command that comes now may rest on what was then.
        """
        last = max((place for place, told in enumerate(tail) if told.ways.answers == "handset"), default=0)
        oldest = min((told.cause.evidence_at or told.at for told in tail[last:]), default=after.now)
        matters = min(after.now - REMEMBERED, oldest)
        # Not at that very moment: a proof made as something changed may tell of what was before (`gaps`).
        first = max((place for place in range(1, last + 1) if tail[place].at < matters), default=0)
        return (_long_since(tail[first], after.now), *tail[first + 1 :])

    # What is known after a decision.

    def _decided(self, after: Situation, stepped: Stepped, subject: SubjectId) -> Iterator[Broken]:
        state = after.states[self._places[subject]]
        if not isinstance(state, Holder) or stepped.decision is None:
            return
        for command in stepped.decision.commands:
            if isinstance(command, IRREVERSIBLE):
                place = self._lines[command.line]
                line = state.lines[command.line]
                ordered = InTruth(command, state, line, after.now, after.worlds[place])
                yield from (Broken(Rule.LAW, command.line, why) for why in ordered.breaks())
        yield from (Broken(Rule.KEYS, broken.line, broken.why) for broken in twice(stepped.decision))
        yield from self._done(after, stepped)
        yield from self._incidents(after, state)
        looked_at = after.looks[self._places[subject]] is not None
        for line in state.lines.values():
            if line.terms is not None and forgotten(state, line, looks=looked_at):
                yield Broken(Rule.FORGOTTEN, line.id, UNAWAITED)

    def _incidents(self, after: Situation, holder: Holder) -> Iterator[Broken]:
        """Whoever nobody can call, by what we know as in truth, has an incident in this very decision."""
        for line in holder.lines.values():
            moved = line.port.performed_at is not None or line.old_ended_at is not None or line.port.reversed_at
            if not moved or line.ended is not None or line.incidents or line.terms is None:
                continue
            place = self._lines[line.id]
            if after.tails[place][-1].ways.answers == "nothing" and not reachable(known_ways(line)):
                cause = after.tails[place][-1].cause
                if cause.kind == "world" and cause.what in BY_OTHERS_HEARD:
                    yield Broken(Rule.INCIDENT, line.id, f"{cause.what}, and no incident is open")

    def _done(self, after: Situation, stepped: Stepped) -> Iterator[Broken]:
        assert stepped.decision is not None
        for outcome in stepped.decision.outcomes:
            if isinstance(outcome, LineDone):
                place = self._lines[outcome.line]
                ways = answered_by(after.worlds[place])
                if ways.answers != "handset" and self._ours(after, place):
                    yield Broken(Rule.DONE, outcome.line, ways.why)

    def _ours(self, after: Situation, place: int) -> bool:
        """Whether what answers now is put down to us: a gap of ours or, where the net answers, our command."""
        tail, world = after.tails[place], after.worlds[place]
        if tail[-1].ways.answers == "net":
            return tail[-1].cause.kind == "command"
        rows = [plain(world, told) for told in tail]
        return any(gap.owner is Owner.OURS for gap in gap_report(rows, ends=after.now + MOMENT).gaps)


def _longer(tails: tuple[tuple[TruthLine, ...], ...], stepped: Stepped) -> tuple[tuple[TruthLine, ...], ...]:
    longer = list(tails)
    for place, told in stepped.truth:
        if isinstance(told, TruthLine):
            longer[place] = (*longer[place], told)
    return tuple(longer)


def _long_since(told: TruthLine, now: datetime) -> TruthLine:
    """A handset that answered for so long answers whatever made it: no gap that begins now is put down to that."""
    if told.ways.answers != "handset" or told.at > now - REMEMBERED or told.cause == LONG_SINCE:
        return told
    return TruthLine(STARTS, told.ways, LONG_SINCE)


def _over(line: Line) -> bool:
    return line.done_at is not None or line.ended is not None
