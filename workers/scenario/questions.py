"""What a story may expect after a step: each key is a question, answered with what is the matter, or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from events.base import LineId, SubjectId
from events.cutover import Network
from events.messages import SendMessage
from events.planning import Slot
from events.registry import AnyCommand
from orchestrator.reachability import known_ways, reachable
from orchestrator.reasons import TEXTS, Reason
from orchestrator.record import Line
from workers.runtime.language import _
from workers.runtime.type_names import name_of
from workers.scenario import moments
from workers.scenario.stage import Heard, Stage

Value = Any
"""As the story has it: the words in it were checked when it was read."""


@dataclass(frozen=True)
class View:
    """What a step looks at: one line (or subject) as it now stands, and what was decided since the step before."""

    stage: Stage
    since: tuple[Heard, ...]
    subject: SubjectId
    line_id: LineId | None

    @property
    def line(self) -> Line:
        """What is known of the line."""
        assert self.line_id is not None
        return self.stage.line(self.line_id)

    @property
    def reasons(self) -> list[Reason]:
        """The reasons given at the last decision."""
        because = self.stage.because.get(self.subject, ())
        return [one.reason for one in because if one.line in {None, self.line_id}]

    @property
    def commands(self) -> list[AnyCommand]:
        """The commands ordered since the step before."""
        return [c for heard in self.since for c in heard.decision.commands if self.line_id in {None, c.line}]

    @property
    def tells(self) -> list[str]:
        """The short names of what was said to other subjects since the step before."""
        return [name_of(t.fact) for heard in self.since if heard.subject == self.subject for t in heard.decision.tells]

    @property
    def slot(self) -> Slot | None:
        """The line's slot."""
        return self.line.plan.slot


Question = Callable[[View, Value], str]
"""What is the matter, in words; empty when it is as expected."""


def listed(value: object) -> list[Any]:
    """The value as a list: of one thing, where it is not a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _names(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values) or _("none")


def _reasons(view: View, value: Value) -> str:
    missing = [reason for reason in listed(value) if reason not in view.reasons]
    not_given = _("{names} is not given; given: {given}")
    return not_given.format(names=_names(missing), given=_names(view.reasons)) if missing else ""


def _no_reasons(view: View, value: Value) -> str:
    found = [reason for reason in listed(value) if reason in view.reasons]
    return _("{names} is given").format(names=_names(found)) if found else ""


def _is(command: AnyCommand, wanted: object) -> bool:
    name, fields = next(iter(wanted.items())) if isinstance(wanted, Mapping) else (wanted, None)
    if name_of(command) != name:
        return False
    known = {**command.model_dump(mode="json"), **(command.details if isinstance(command, SendMessage) else {})}
    return all(str(known.get(key)) == str(value) for key, value in (fields or {}).items())


def _commands(view: View, value: Value) -> str:
    missing = [wanted for wanted in listed(value) if not any(_is(command, wanted) for command in view.commands)]
    given = _names(dict.fromkeys(name_of(command) for command in view.commands))
    return _("{names} is not ordered; ordered: {given}").format(names=_names(missing), given=given) if missing else ""


def _only_commands(view: View, value: Value) -> str:
    """Exactly these, as often as they stand there; messages count only where one is named."""
    wanted = Counter(listed(value))
    given = Counter(name_of(c) for c in view.commands if "messages.send" in wanted or not isinstance(c, SendMessage))
    return "" if given == wanted else _("ordered: {names}").format(names=_names(given.elements()))


def _no_commands(view: View, value: Value) -> str:
    forbidden = listed(value)
    found = [c for c in view.commands if "any" in forbidden or any(_is(c, wanted) for wanted in forbidden)]
    return _("{names} is ordered").format(names=_names(name_of(c) for c in found)) if found else ""


def _tells(view: View, value: Value) -> str:
    missing = [name for name in listed(value) if name not in view.tells]
    not_said = _("{names} is not said; said: {said}")
    return not_said.format(names=_names(missing), said=_names(view.tells)) if missing else ""


def _open_tasks(view: View) -> dict[str, str]:
    return {kind.value: task.role.value for kind, task in view.line.tasks.items() if task.closed_at is None}


def _tasks(view: View, value: Value) -> str:
    open_ = _open_tasks(view)
    wanted = dict(value) if isinstance(value, Mapping) else dict.fromkeys(listed(value))
    wrong = [kind for kind, role in wanted.items() if kind not in open_ or role not in {None, open_[kind]}]
    shown = _names(f"{kind} ({role})" for kind, role in open_.items())
    return _("{names} is not open so; open: {open}").format(names=_names(wrong), open=shown) if wrong else ""


def _no_tasks(view: View, value: Value) -> str:
    found = [kind for kind in _open_tasks(view) if "any" in listed(value) or kind in listed(value)]
    return _("{names} is open").format(names=_names(found)) if found else ""


def _port(view: View, value: Value) -> str:
    state = view.line.port.state.value if view.line.port.state else "not requested"
    return "" if state == value else _("the port is {state}").format(state=state)


def _outcome(view: View, value: Value) -> str:
    line = view.line
    outcome = "done" if line.done_at else f"ended: {line.ended}" if line.ended else "open"
    return "" if outcome == str(value) else _("the line is {outcome}").format(outcome=outcome)


def _incidents(view: View, value: Value) -> str:
    open_ = [kind.value for kind in view.line.incidents]
    missing = [kind for kind in listed(value) if kind not in open_]
    not_open = _("{names} is not open; open: {open}")
    return not_open.format(names=_names(missing), open=_names(open_)) if missing else ""


def _no_incidents(view: View, value: Value) -> str:
    found = [kind.value for kind in view.line.incidents if "any" in listed(value) or kind in listed(value)]
    return _("{names} is open").format(names=_names(found)) if found else ""


def _waits_on(view: View, value: Value) -> str:
    on = list(dict.fromkeys(TEXTS[reason].on.value for reason in view.reasons))
    missing = [who for who in listed(value) if who not in on]
    waits = _("it does not wait for {names}, but for {others}")
    return waits.format(names=_names(missing), others=_names(on)) if missing else ""


def _dossiers(view: View, value: Value) -> str:
    port = view.line.port
    known = {one.dossier for one in port.closed} | ({port.dossier} if port.dossier else set())
    there = _("there are {count}: {names}").format(count=len(known), names=_names(sorted(known)))
    return "" if len(known) == int(value) else there


def _code(view: View, value: Value) -> str:
    port = view.line.port
    return "" if port.code == str(value) else _("the code is '{code}'").format(code=port.code)


def _told_note(view: View, value: Value) -> str:
    port = view.line.port
    return "" if port.note == str(value) else _("the note is '{note}'").format(note=port.note)


def _bound(view: View, value: Value) -> str:
    number = str(value).removeprefix("SIM ")
    bound = view.line.port.bound
    right = bound and int(bound[-12:]) == int(number)
    return "" if right else _("the order is bound to the SIM {sim}").format(sim=bound)


def _slot(view: View, value: Value) -> str:
    at = _at(view, value)
    return "" if view.slot and view.slot.start == at else _slot_is(view)


def _slot_from(view: View, value: Value) -> str:
    at = _at(view, value)
    return "" if view.slot and view.slot.start >= at else _slot_is(view)


def _at(view: View, value: Value) -> datetime:
    return moments.moment(value, now=view.stage.now, slot=None, terms=view.stage.terms)


def _slot_is(view: View) -> str:
    slot = moments.shown(view.slot.start) if view.slot else _("not planned")
    return _("the slot is {slot}").format(slot=slot)


def _confirmed(view: View, value: Value) -> str:
    confirmed = view.slot is not None and view.line.plan.confirms(view.slot.start)
    if confirmed == bool(value):
        return ""
    return _("the slot is confirmed") if confirmed else _("the slot is not confirmed")


def _reachable(view: View, value: Value) -> str:
    known = reachable(known_ways(view.line, view.stage.directory()))
    if known == bool(value):
        return ""
    return _("by what we know the number is reachable") if known else _("by what we know the number is not reachable")


def _forward(view: View, value: Value) -> str:
    moved = view.line.port.performed_at is not None  # the old line's forward went with the old line
    nets = view.line.nets.items()
    standing = [net.value for net, forward in nets if forward.stands() and not (moved and net is Network.OLD)]
    return (
        ""
        if sorted(standing) == sorted(listed(value))
        else _("the net stands on: {names}").format(names=_names(standing))
    )


def _looks(view: View, value: Value) -> str:
    at = view.stage.looks.get(view.subject)
    if at == moments.moment(value, now=view.stage.now, slot=view.slot, terms=view.stage.terms):
        return ""
    return _("it looks again {at}").format(at=moments.shown(at)) if at else _("it never looks again")


QUESTIONS: Final[Mapping[str, Question]] = {
    "reasons": _reasons,
    "no reasons": _no_reasons,
    "commands": _commands,
    "only commands": _only_commands,
    "no commands": _no_commands,
    "tells": _tells,
    "tasks": _tasks,
    "no tasks": _no_tasks,
    "port": _port,
    "outcome": _outcome,
    "incidents": _incidents,
    "no incidents": _no_incidents,
    "waits on": _waits_on,
    "dossiers": _dossiers,
    "code": _code,
    "note": _told_note,
    "bound to": _bound,
    "slot": _slot,
    "slot from": _slot_from,
    "confirmed": _confirmed,
    "reachable": _reachable,
    "net": _forward,
    "looks again": _looks,
}
"""What may stand under `then:`."""
