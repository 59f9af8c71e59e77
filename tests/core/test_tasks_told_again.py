"""A task that nobody did is told again: its letter may be lost, or forgotten."""

from __future__ import annotations

from events.messages import SendMessage, Template
from tests.core.spec import Spec, given


def blocked() -> Spec:
    return given("requested").hear("porting.blocked", after="+1 day", code="63")


def told(line: Spec) -> list[str]:
    """The keys of the letters about tasks in the last step."""
    letters = (c for c in line.commands if isinstance(c, SendMessage) and c.template is Template.TASK)
    return [letter.key.split("/", 2)[2] for letter in letters]


def test_not_before_three_working_days() -> None:
    line = blocked()
    assert told(line) == ["task.correct-data/1"]

    assert told(line.at("+2 days")) == []


def test_after_three_working_days_and_three_more() -> None:
    line = blocked().at("3 working days later")
    assert told(line) == ["remind.correct-data/1"]

    assert told(line.at("3 working days later")) == ["remind.correct-data/2"]


def test_no_more_once_it_is_done() -> None:
    line = blocked().hear("porting.data-corrected", after="+1 day")

    assert not any("correct-data" in letter for letter in told(line.at("5 working days later")))


def test_soon_where_nobody_knows_whether_its_letter_went_out() -> None:
    line = given("requested").without("messages.send").hear("porting.blocked", after="+1 day", code="63")
    line.hear("control.outcome-unknown", to="messages.send")

    assert told(line.at("+14 minutes")) == []
    assert told(line.at("+1 minute")) == ["remind.correct-data/1"]
