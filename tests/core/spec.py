"""Given what, when this is heard at that time: what is decided. The happy path brings a line to where a test begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from events.base import LineId, SubjectId
from events.planning import Slot
from events.registry import AnyCommand
from orchestrator import deciding
from orchestrator.decision import Decision
from orchestrator.reasons import Reason
from orchestrator.record import Holder, Line, with_
from workers.runtime.type_names import COMMANDS, name_of
from workers.scenario import moments
from workers.scenario.beginning import begin
from workers.scenario.filling import Filling
from workers.scenario.given import read_given
from workers.scenario.others import StoryOthers
from workers.scenario.page import Page
from workers.scenario.stage import Heard, Stage
from workers.scenario.story import Act, Story, Told, Ways

LINE = LineId("E-0001-1")
HOLDER = SubjectId("E-0001")


@dataclass
class Spec:
    """One employee with one line, on a stage of its own. Everything asked of it is about the last step."""

    stage: Stage
    others: StoryOthers
    filling: Filling
    began: int = 0

    def hear(self, *facts: str, after: str = "", true_at: str = "", **fields: Any) -> Spec:  # noqa: ANN401 - words as in a story
        """These facts are heard, so long after the step before; the fields are the last one's."""
        self._step(after)
        for name in facts:
            told = Told(name=name, place=0, fields=fields if name == facts[-1] else {})
            at = self._at(true_at) if true_at else None
            self.stage.say(HOLDER, self.filling.fact(told, self.stage), true_at=at)
        return self

    def at(self, when: str) -> Spec:
        """Time passes until then."""
        self._step(when)
        return self

    def without(self, *commands: str) -> Spec:
        """From here on nobody answers these commands."""
        assert COMMANDS.keys() >= set(commands), f"no such command: {set(commands) - COMMANDS.keys()}"
        self.others.answers |= dict.fromkeys(commands, "nothing")
        return self

    def answering(self, **answers: Any) -> Spec:  # noqa: ANN401 - words as in a story
        """From here on these commands are answered so; underscores in their names stand for a dot, then for dashes."""
        self.others.answers |= {name.replace("__", ".").replace("_", "-"): answer for name, answer in answers.items()}
        return self

    def acting(self, *acts: Act) -> Spec:
        """From here on others do this of their own accord."""
        self.others.acts = dict.fromkeys(self.others.given, frozenset(acts))
        return self

    def knowing(self, line: Line) -> Spec:
        """From here on this is known of the line, however it came about."""
        self.stage.states[HOLDER] = with_(self.holder, lines={LINE: line})
        return self

    def decided_again(self) -> Decision:
        """What would be decided now, nothing more having been heard."""
        return deciding.decide(self.holder, now=self.stage.now, terms=self.stage.terms)

    def _step(self, when: str) -> None:
        self.began = len(self.stage.history)
        if when:
            self.stage.advance(self._at(when))

    def _at(self, when: str) -> datetime:
        return moments.moment(when, now=self.stage.now, slot=self.line.plan.slot, terms=self.stage.terms)

    @property
    def heard(self) -> list[Heard]:
        """What was heard and decided in the last step."""
        return self.stage.history[self.began :]

    @property
    def commands(self) -> list[AnyCommand]:
        """What was ordered in the last step."""
        return [command for heard in self.heard for command in heard.decision.commands]

    @property
    def ordered(self) -> list[str]:
        """The names of what was ordered in the last step, letters aside."""
        return [name_of(command) for command in self.commands if name_of(command) != "messages.send"]

    @property
    def letters(self) -> list[str]:
        """The templates of the letters of the last step, tasks aside."""
        letters = [str(getattr(c, "template", "")) for c in self.commands if name_of(c) == "messages.send"]
        return [letter for letter in letters if letter != "task"]

    @property
    def told(self) -> list[str]:
        """The names of what the employee said to other subjects in the last step."""
        return [name_of(t.fact) for heard in self.heard if heard.subject == HOLDER for t in heard.decision.tells]

    @property
    def reasons(self) -> set[Reason]:
        """Why the line is where it is."""
        return {because.reason for because in self.stage.because[HOLDER]}

    @property
    def tasks(self) -> set[str]:
        """The kinds of the tasks that are open."""
        return {kind.value for kind, task in self.line.tasks.items() if task.closed_at is None}

    @property
    def line(self) -> Line:
        """What is known of the line."""
        return self.stage.line(LINE)

    @property
    def slot(self) -> Slot:
        """The line's slot."""
        assert self.line.plan.slot is not None
        return self.line.plan.slot

    @property
    def holder(self) -> Holder:
        """What is known of the employee."""
        state = self.stage.states[HOLDER]
        assert isinstance(state, Holder)
        return state

    @property
    def looks_at(self) -> datetime | None:
        """When the employee is looked at again."""
        return self.stage.looks.get(HOLDER)


def given(until: str, *, kind: str = "voice", **line: Any) -> Spec:  # noqa: ANN401 - words as in a story
    """A line that the happy path has brought so far; the rest of the line's terms as in a story, and `terms`."""
    page = Page(Path("test"))
    words = {name.replace("_", " "): value for name, value in line.items()}
    told = {"until": until, "terms": words.pop("terms", {}), "line": {"line": f"{LINE} {kind}", **words}}
    read = read_given(page, told, 1)
    page.done()
    story = Story(Path("test"), "test", "", read, Ways(), (), (), frozenset())
    filling = Filling(story)
    others = StoryOthers(read.lines, lambda command, wanted: [filling.fact(wanted, stage, command=command)])
    stage = Stage(terms=read.terms, now=read.begins, others=others)
    begin(story, stage, others)
    others.acts = dict.fromkeys(others.given, frozenset())
    return Spec(stage, others, filling)
