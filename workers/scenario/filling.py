"""A fact as a story tells it, made whole: what the story leaves out is filled in from what is known of the line."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast, get_args

from pydantic import AwareDatetime, ValidationError

from events.base import Account, Answer, Iccid, LineId, Message, SubjectId, subject_of
from events.cutover import Heard
from events.dispatch import HandedOver
from events.planning import Slot
from events.porting import PortAccepted
from events.registry import AnyCommand, AnyFact
from orchestrator.knowing.dispatch import expected
from orchestrator.record import Line
from workers.runtime.language import _
from workers.runtime.type_names import COMMANDS, FACTS, name_of
from workers.runtime.wanted import wanted
from workers.scenario import moments
from workers.scenario.answering import RECALL_BEFORE
from workers.scenario.given import handset_number, sim_number
from workers.scenario.page import UnableToReadStoryError
from workers.scenario.stage import Stage
from workers.scenario.story import GivenLine, Story, Told

LEADER: Final = Account("leader")
FROM_COMMAND: Final = ("key", "dossier", "network", "target", "generation", "iccid", "number", "medium", "sequence")
ANSWERS_TO: Final[Mapping[str, tuple[str, ...]]] = {
    "messages.sent": ("messages.send",),
    "porting.submitted": ("porting.request",),
    "porting.invalid": ("porting.request",),
    "porting.told": ("porting.ask",),
    "porting.executing": ("cutover.execute-port",),
    "porting.booked": ("cutover.book-port",),
    "porting.recalled": ("cutover.recall-port",),
    "cutover.forward-confirmed": ("cutover.set-forward",),
    "cutover.forward-cleared": ("cutover.clear-forward",),
    "cutover.reachability-tested": ("cutover.test-reachability",),
    "sim.activated": ("sim.activate",),
    "sim.reset": ("sim.reset-asked",),
    "dispatch.parcel-announced": ("dispatch.ship-kit",),
    "dispatch.return-announced": ("dispatch.collect-kit",),
}
"""Which command an answer is about, where the story does not say it with `to:`."""
_SIM: Final = re.compile(r"^SIM (\d+)$")
_HANDSET: Final = re.compile(r"^handset (\d+)$")


class Filling:
    """Makes the facts of one story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.given = {line.id: line for line in story.given.lines}

    def wrong(self, told: Told, text: str) -> UnableToReadStoryError:
        """A mistake in the place where this fact is told."""
        return UnableToReadStoryError(self.story.path, [(told.place, f"{told.name}: {text}")])

    def fact(self, told: Told, stage: Stage, *, command: AnyCommand | None = None) -> AnyFact:
        """The whole fact. Raises `UnableToReadStoryError` when it cannot be made of what the story says."""
        kind = FACTS[told.name]
        line = LineId(command.line) if command else self.line_of(told)
        if issubclass(kind, Answer):
            command = command or self._command(told, line, stage)
        data = dict(self._known(kind, line, stage, command))
        data |= {
            key: self._value(told, kind, key, value, line, stage) for key, value in told.fields.items() if key != "to"
        }
        try:
            made = kind.model_validate({key: value for key, value in data.items() if value is not None})
        except ValidationError as error:
            what = "; ".join(f"'{e['loc'][0] if e['loc'] else 'fact'}': {wanted(e)}" for e in error.errors()[:4])
            raise self.wrong(told, what) from None
        return cast("AnyFact", made)

    def line_of(self, told: Told) -> LineId:
        """Whose line the fact is about: the one named, or the first of the named subject, or the first of all."""
        if told.line is not None:
            return told.line
        own = [line.id for line in self.story.given.lines if subject_of(line.id) == told.subject]
        return own[0] if own else self.story.given.lines[0].id

    def subject_of(self, told: Told) -> SubjectId:
        """Whose inbox the fact goes into."""
        return told.subject or subject_of(self.line_of(told))

    def _command(self, told: Told, line: LineId, stage: Stage) -> AnyCommand:
        names = (str(told.fields["to"]),) if "to" in told.fields else ANSWERS_TO.get(told.name, tuple(COMMANDS))
        for command in reversed(stage.ordered.values()):
            if command.line == line and name_of(command) in names:
                return command
        none = _("it answers a command, and none was given to {line} ({commands})")
        raise self.wrong(told, none.format(line=line, commands=", ".join(names[:3])))

    def _known(
        self, kind: type[Message], line: LineId, stage: Stage, command: AnyCommand | None
    ) -> Iterator[tuple[str, Any]]:
        known = {**_of_line(stage.line(line), self.given.get(line)), "line": line}
        if issubclass(kind, PortAccepted):
            known["iccid"] = stage.line(line).port.ordered or known["iccid"]
        if issubclass(kind, HandedOver):
            known |= {"by": Account("logistics"), "imei": _imei(stage.line(line))}
        if command is not None:
            known |= {name: getattr(command, name) for name in FROM_COMMAND if hasattr(command, name)}
        for name, field in kind.model_fields.items():
            if name in known and (field.is_required() or name == "imei"):
                yield name, known[name]

    def _value(self, told: Told, kind: type[Message], key: str, value: object, line: LineId, stage: Stage) -> object:
        if key == "task":
            return _task(stage.line(line), str(value))
        if key == "heard" and isinstance(value, str):
            return tuple(Heard.model_validate({"origin": o, "leg": value}) for o in stage.terms.origins)
        annotation = kind.model_fields[key].annotation
        try:
            return spoken(value, annotation, stage=stage, line=stage.line(line), given=self.given.get(line))
        except moments.UnableToReadMomentError:
            no_time = _("'{value}' is no time; expected {what}")
            raise self.wrong(told, no_time.format(value=key, what=_(moments.EXPECTED))) from None


def spoken(value: object, annotation: object, *, stage: Stage, line: Line, given: GivenLine | None) -> object:
    """A value as the story says it, in the shape that the message has for it."""
    if _takes(annotation, datetime) or _takes(annotation, AwareDatetime):
        return moments.moment(value, now=stage.now, slot=line.plan.slot, terms=stage.terms)
    if annotation is Slot and isinstance(value, Mapping):
        return {k: moments.moment(v, now=stage.now, slot=line.plan.slot, terms=stage.terms) for k, v in value.items()}
    if isinstance(value, str):
        return _number(value, line, given)
    if isinstance(value, int) and not isinstance(value, bool) and not _takes(annotation, int):
        return str(value)
    return value


def _takes(annotation: object, kind: object) -> bool:
    return annotation is kind or any(_takes(part, kind) for part in get_args(annotation))


def _number(value: str, line: Line, given: GivenLine | None) -> str:
    """`SIM 2`, `handset 2` and `old SIM` stand for the numbers that nobody wants to type."""
    if found := _SIM.match(value):
        return sim_number(int(found[1]))
    if found := _HANDSET.match(value):
        return handset_number(int(found[1]))
    if value == "old SIM":
        return given.old_iccid if given else str(line.terms.old_iccid if line.terms else "")
    return value


def _imei(line: Line) -> str | None:
    return line.kit.kit.imei if line.kit.kit else None


def _iccid(line: Line) -> Iccid | None:
    return expected(line) or line.kit.handed


def _of_line(line: Line, given: GivenLine | None) -> dict[str, Any]:
    slot = line.plan.slot or (given.slot if given else None)
    return {
        "dossier": line.port.dossier or f"NL-{line.id}-1",
        "iccid": _iccid(line),
        "barcode": line.kit.barcode,
        "by": LEADER,
        "why": "as the story says",
        "start": slot.start if slot else None,
        "slot": slot,
        "wave": line.plan.wave or (given.wave if given else None),
        "mandate": "m-1",
        "first_possible": given.first_possible if given else None,
        "runs_at": slot.start if slot else None,
        "recall_until": slot.start - RECALL_BEFORE if slot else None,
        "medium": "pager",
        "asked": False,
    }


def _task(line: Line, value: str) -> str:
    """A task by its kind: the one that is open."""
    task = next((task for kind, task in line.tasks.items() if kind == value), None)
    return task.id if task else value
