"""What was said of a booking, a port or a parcel before the one that is under way moves nothing back."""

from __future__ import annotations

from events.base import Key
from orchestrator.record import Ask, AskState, with_
from tests.core.spec import LINE, Spec, given


def booked_again() -> Spec:
    """A port that is in a batch since an hour ago, after it was in one before and was recalled."""
    line = given("ready", execution="booked").at("slot start - 20 hours")
    assert line.line.port.state == "booked"
    now = line.stage.now
    recall = Ask(key=Key(f"story/{LINE}/recall/2"), attempt=2, at=now, state=AskState.DONE, answered_at=now)
    line.knowing(with_(line.line, port=with_(line.line.port, state_at=now), asks={**line.line.asks, "recall": recall}))
    return line


def test_a_missed_batch_from_before_the_booking_leaves_it_booked_and_the_dossier_is_asked_for() -> None:
    line = booked_again()

    line.hear("porting.missed-batch", after="+1 minute", true_at="slot start - 21 hours")

    assert line.line.port.state == "booked"
    assert "porting.ask" in line.ordered


def test_an_answer_to_an_earlier_recall_leaves_it_booked() -> None:
    line = booked_again()
    line.hear("porting.recalled", after="+1 minute", key=f"story/{LINE}/recall/1", to="cutover.book-port")

    assert line.line.port.state == "booked"


def test_word_from_before_the_port_began_does_not_have_it_ordered_twice() -> None:
    line = given("ready").at("slot start")
    assert line.line.port.state == "executing"

    told = {"state": "accepted", "to": "cutover.execute-port"}
    line.hear("porting.told", after="+1 minute", true_at="slot start - 1 minute", **told)

    assert line.line.port.state == "executing"
    assert "cutover.execute-port" not in line.ordered


def test_the_parcel_of_an_earlier_kit_is_not_the_line_s() -> None:
    line = given("planned").hear("dispatch.kit-lost", iccid="SIM 1", after="+1 day").at("+2 days")
    parcel = line.line.kit.barcode
    assert line.line.asks["ship"].attempt == 2

    line.hear("dispatch.parcel-announced", after="+1 hour", key=f"story/{LINE}/ship/1", barcode="3SOLD00001")

    assert line.line.kit.barcode == parcel
