"""A played story as a person reads it, and as data for a program."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from events.messages import SendMessage
from workers.runtime.language import _, marked
from workers.runtime.type_names import name_of
from workers.scenario import moments
from workers.scenario.playing import Played
from workers.scenario.stage import Heard
from workers.scenario.story import Story

OK: Final = marked("ok")
NOT_SO: Final = marked("NOT SO")


def told(story: Story, parts: Iterable[Played], *, whole: bool) -> Iterator[str]:
    """The story line by line: each step, what was ordered in it, and a verdict per expectation."""
    yield f"{story.path.name}  {story.title}"
    if story.source:
        yield f"  {story.source}"
    steps = wrong = 0
    for part in parts:
        steps += part.step is not None
        wrong += not part.ok
        yield from _part(story, part, whole=whole)
    not_so = _("{wrong} of {steps} steps not as they should be").format(wrong=wrong, steps=steps)
    yield f"  {story.path.name}: {not_so if wrong else _('as it should be')}"


def _part(story: Story, part: Played, *, whole: bool) -> Iterator[str]:
    note = f"  ({part.step.note})" if part.step and part.step.note else ""
    yield f"\n  {part.at}  {_what(part)}{note}"
    if whole or part.step is not None:
        yield from (_happened(one) for one in part.happened if whole or _counts(one))
    for verdict in part.verdicts:
        if verdict.matter:
            place = f"{story.path.name}:{verdict.place}: " if verdict.place else ""
            yield f"    {_(NOT_SO)}  {verdict.what}\n            {place}{verdict.matter}"
        else:
            yield f"    {_(OK)}  {verdict.what}"


def _what(part: Played) -> str:
    if part.step is None:
        return _("is given")
    if not part.step.hear:
        return _("time passes")
    return _("hears {names}").format(names=", ".join(fact.name for fact in part.step.hear))


def _counts(heard: Heard) -> bool:
    """Whether more than a letter was ordered."""
    return any(not isinstance(command, SendMessage) for command in heard.decision.commands)


def _happened(heard: Heard) -> str:
    orders = [_order(command) for command in heard.decision.commands]
    tells = [_("{fact} to {who}").format(fact=name_of(tell.fact), who=tell.to) for tell in heard.decision.tells]
    reasons = ", ".join(dict.fromkeys(because.reason.value for because in heard.decision.because))
    what = "; ".join([*orders, *tells]) or _("nothing ordered")
    return f"      {moments.shown(heard.at)}  {heard.subject} {name_of(heard.fact)}: {what}  [{reasons}]"


def _order(command: Any) -> str:  # noqa: ANN401 - any command; its key says which line and attempt
    name = f"{name_of(command)} {command.template}" if isinstance(command, SendMessage) else name_of(command)
    return f"{name} ({command.key.split('/', 1)[1]})"


def as_data(story: Story, parts: Iterable[Played]) -> dict[str, Any]:
    """The story as plain data: per step its time, what was heard and ordered, and the verdicts."""
    steps = [_step_data(part) for part in parts]
    return {"file": story.path.name, "title": story.title, "ok": all(step["ok"] for step in steps), "steps": steps}


def _step_data(part: Played) -> dict[str, Any]:
    return {
        "at": part.at,
        "line": part.step.place if part.step else 0,
        "hear": [fact.name for fact in part.step.hear] if part.step else [],
        "ordered": [command.key for heard in part.happened for command in heard.decision.commands],
        "ok": part.ok,
        "verdicts": [
            {"expected": verdict.what, "line": verdict.place, "ok": not verdict.matter, "matter": verdict.matter}
            for verdict in part.verdicts
        ],
    }
