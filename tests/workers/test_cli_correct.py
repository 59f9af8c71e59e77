"""A wrong fact is set right by saying the right one, with reason and account; history stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from events.control import ActBegun, ActEnded
from events.dispatch import HandedOver, HandoverCorrected
from events.enrolment import AbsenceEnded
from events.planning import Slot
from orchestrator import subjects
from orchestrator.decision import Decision
from orchestrator.record import Holder
from tests.workers.conftest import Typed
from tests.workers.told import ANN, ELS, HANDSET, SIM, Inbox, Told, line_of
from workers.cli import acting, correct, main
from workers.cli.exits import Exit
from workers.views.correcting import KINDS, fields_of
from workers.views.heard import told

WRONG_CARD = f"correct E-0001-1 dispatch.handover-corrected iccid={SIM} --why wrong-card --as ops-1"


@pytest.fixture
def handed(town: Told) -> Told:
    """Ann's kit was scanned in her hands."""
    town.kit(line_of(ANN))
    town.say(ANN, HandedOver(line=line_of(ANN), iccid=SIM, imei=HANDSET, by=ELS))
    town.at += timedelta(minutes=5)
    return town


def in_hand(told: Told) -> str | None:
    state = told.state(ANN)
    assert isinstance(state, Holder)
    return state.lines[line_of(ANN)].kit.handed


def test_it_is_shown_first_and_nothing_is_said(handed: Told, typed: Typed) -> None:
    before = len(handed.entries)

    code, out, _ = typed(WRONG_CARD)

    assert (code, len(handed.entries)) == (Exit.DONE, before)
    assert "It would be heard as" in out
    assert in_hand(handed) == SIM


def test_the_right_fact_is_said_with_reason_and_account_and_the_wrong_one_stays_in_the_history(
    handed: Told, typed: Typed
) -> None:
    before = len(handed.entries)

    assert typed(f"{WRONG_CARD} --go")[0] == Exit.DONE

    begun, said, ended = (entry.heard for entry in handed.entries[before:])
    assert begun is not None
    assert said is not None
    assert ended is not None
    assert isinstance(begun.message, ActBegun)
    assert (begun.message.kind, begun.message.why, begun.message.by) == ("correct", "wrong-card", "ops-1")
    assert isinstance(said.message, HandoverCorrected)
    assert (said.message.by, said.message.why, said.actor) == ("ops-1", "wrong-card", "ops-1")
    assert isinstance(ended.message, ActEnded)
    assert ended.message.act == begun.message.act
    assert (ended.message.done, ended.message.failed) == (1, 0)
    assert in_hand(handed) is None


def last_act(told: Told) -> ActEnded:
    last = told.entries[-1].heard
    assert last is not None
    assert isinstance(last.message, ActEnded)
    return last.message


@pytest.mark.parametrize(("code", "counts"), [(Exit.FAILED, (0, 1, 0)), (Exit.UNAVAILABLE, (0, 0, 1))])
def test_a_correction_that_became_a_dead_letter_has_failed_and_one_that_nobody_decided_yet_is_said(
    handed: Told, typed: Typed, monkeypatch: pytest.MonkeyPatch, code: Exit, counts: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(correct, "say", lambda *_words, **_more: code)

    assert typed(f"{WRONG_CARD} --go")[0] == code

    ended = last_act(handed)
    assert (ended.done, ended.failed, ended.undecided) == counts
    assert f"{counts[2]} said and not decided yet" in told(ended)


def test_a_correction_that_no_decider_heard_is_told_as_said_and_not_to_be_said_again(
    handed: Told, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "wait_decided", lambda *_words, **_more: {})

    code, _out, err = typed(f"{WRONG_CARD} --go")

    assert code == Exit.UNAVAILABLE
    assert "1 message is said and kept, but not decided yet." in err
    assert "Do not give the command again: what is said is decided as soon as a decider runs." in err
    assert last_act(handed).undecided == 1


def test_the_history_tells_who_corrected_and_why_though_the_fact_itself_has_no_place_for_it(typed: Typed) -> None:
    typed("correct E-0001 enrolment.absence-ended --why told-late --as ops-1 --go")

    (row,) = [row for row in typed("explain E-0001")[1].splitlines() if "back from absence" in row]
    assert row.endswith("back from absence (corrected by ops-1: told-late)")


@pytest.mark.usefixtures("handed")
def test_who_corrected_and_why_is_told_once_where_the_fact_says_it_itself(typed: Typed) -> None:
    typed(f"{WRONG_CARD} --go")

    (row,) = [row for row in typed("explain E-0001")[1].splitlines() if "corrected by" in row]
    assert row.count("ops-1") == row.count("wrong-card") == 1


def test_the_history_tells_who_said_what_was_said_for_no_act(town: Told, typed: Typed) -> None:
    Inbox(town).say(ANN, AbsenceEnded(), at=town.at, actor=ELS, source=acting.SOURCE)

    assert "back from absence (said by els)" in typed("explain E-0001")[1]


def test_a_correction_names_the_act_that_it_was_said_for(town: Told, typed: Typed) -> None:
    typed("correct E-0001 enrolment.absence-ended --why told-late --as ops-1 --go")

    begun, said, _ended = [entry.heard for entry in town.entries[-3:]]
    assert begun is not None
    assert said is not None
    assert said.causation == begun.id


def test_it_may_have_been_so_for_a_while(town: Told, typed: Typed) -> None:
    typed("correct E-0001 enrolment.absence-ended --true-at 2027-01-10T12:00 --why told-late --as ops-1 --go")

    (fact,) = [e.heard for e in town.entries if e.heard and isinstance(e.heard.message, AbsenceEnded)]
    assert fact.time == datetime(2027, 1, 10, 11, tzinfo=UTC)
    assert fact.recorded == town.at


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("correct E-0001-1 dispatch.handover-corected --why x", "did you mean dispatch.handover-corrected"),
        ("correct E-0001-1 dispatch.kit-lost --why x", "iccid: it is missing"),
        ("correct E-0001-1 dispatch.kit-lost iccid=12 --why x", "iccid"),
        ("correct E-0001-1 dispatch.kit-lost iccid --why x", "write each field as name=value"),
        ("correct E-9999 dispatch.kit-lost --why x", "nobody in this programme is called E-9999"),
    ],
)
def test_what_cannot_be_said_is_told(town: Told, typed: Typed, words: str, said: str) -> None:
    before = len(town.entries)

    code, out, err = typed(words)

    assert (code, len(town.entries)) == (Exit.BAD_INPUT, before)
    assert said in out + err


@pytest.mark.parametrize(
    ("fact", "fields"),
    [
        ("dispatch.kit-lost", "iccid=…"),
        ("dispatch.kit-lost iccid", "iccid=…"),
        ("dispatch.handed-over imei=1", "iccid=… [imei=…]"),
        ("planning.line-planned wave=W-01", """wave=… slot='{"start": "…", "end": "…"}'"""),
    ],
)
def test_a_fact_that_is_said_wrongly_is_told_with_its_fields_and_which_are_needed(
    typed: Typed, fact: str, fields: str
) -> None:
    code, _out, err = typed(f"correct E-0001-1 {fact} --why x")

    say = f"naadloos correct E-0001-1 {fact.split(maxsplit=1)[0]} {fields} --why REASON"
    assert code == Exit.BAD_INPUT
    assert err.splitlines()[1] == f"Say it with its fields; those in brackets may be left out:  {say}"


@pytest.mark.parametrize("fact", ["enrolment.absence-ended on=monday", "porting.withdrawn by=eve"])
def test_a_fact_without_fields_is_told_to_have_none(typed: Typed, fact: str) -> None:
    _code, _out, err = typed(f"correct E-0001-1 {fact} --why x")

    say = f"naadloos correct E-0001-1 {fact.split(maxsplit=1)[0]} --why REASON"
    assert err.splitlines()[1] == f"It has no field to give:  {say}"


def test_a_field_that_a_fact_does_not_have_is_told_as_none(typed: Typed) -> None:
    _code, _out, err = typed(f"correct E-0001-1 dispatch.kit-lost iccid={SIM} colour=red --why x")

    assert "colour: it has no such field" in err


def test_a_field_with_fields_of_its_own_is_given_as_json(town: Told, typed: Typed) -> None:
    slot = '{"start":"2027-03-01T08:00:00Z","end":"2027-03-01T10:00:00Z"}'

    assert (
        typed(f"correct E-0001-1 planning.line-planned wave=W-01 slot={slot} --why x --go --as ops-1")[0] == Exit.DONE
    )

    line = town.known().line(line_of(ANN))
    assert line is not None
    assert line.plan.slot == Slot.model_validate_json(slot)


@pytest.mark.parametrize("value", ["tomorrow", "{", '{"start":"2027-03-01T08:00:00Z"}'])
def test_json_that_is_none_is_told(typed: Typed, value: str) -> None:
    code, _out, err = typed(f"correct E-0001-1 planning.line-planned wave=W-01 slot={value} --why x")

    assert code == Exit.BAD_INPUT
    assert "(slot" in err


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_help_tells_every_fact_with_its_fields(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["correct", "--help"])

    told = " ".join(capsys.readouterr().out.split())
    assert f" {' '.join([name, *fields_of(KINDS[name])])} " in told


def test_what_answers_a_command_is_not_for_people_to_say() -> None:
    assert not {"control.command-done", "control.time-come", "control.letters-redriven"} & KINDS.keys()
    assert {"dispatch.handover-corrected", "porting.performed", "enrolment.mandate-withdrawn"} <= KINDS.keys()


@pytest.mark.parametrize(
    ("words", "said", "to_type"),
    [
        (
            "enrolment.absence-ended --true-at 2027-01-12T12:00",
            "Tue 12 Jan 2027 12:00 is still to come; by the programme's clock it is Mon 11 Jan 2027 08:00",
            "Give an earlier --true-at, or leave it out.",
        ),
        (
            "enrolment.absence-announced since=2027-02-10T09:00:00+01:00 until=2027-02-01T09:00:00+01:00",
            "until: give a time after since",
            "naadloos correct E-0001 enrolment.absence-announced since=… until=… --why REASON",
        ),
    ],
)
def test_what_cannot_have_been_so_is_refused(town: Told, typed: Typed, words: str, said: str, to_type: str) -> None:
    before = len(town.entries)

    code, _out, err = typed(f"correct E-0001 {words} --why n --go --as ops-1")

    assert (code, len(town.entries)) == (Exit.BAD_INPUT, before)
    assert said in err
    assert to_type in err


def test_an_absence_that_is_still_to_come_may_be_said(town: Told, typed: Typed) -> None:
    period = "since=2027-02-10T09:00:00+01:00 until=2027-02-11T09:00:00+01:00"

    assert typed(f"correct E-0001 enrolment.absence-announced {period} --why n --go --as ops-1")[0] == Exit.DONE
    assert isinstance(town.state(ANN), Holder)


def test_what_would_be_a_dead_letter_is_not_said(handed: Told, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(handed.entries)

    def raising(*_: object, **__: object) -> Decision:
        message = "a fault of ours"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(subjects, "decide", raising)
    code, _out, err = typed("correct E-0001 enrolment.absence-ended --why n --go --as ops-1")

    assert (code, len(handed.entries)) == (Exit.BAD_INPUT, before)
    assert "it would be a dead letter" in err


@pytest.mark.parametrize("at", ["0001-01-01", "9999-12-31T23:59:59-14:00"])
def test_a_time_at_the_end_of_the_calendar_is_told_as_no_time(capsys: pytest.CaptureFixture[str], at: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["correct", "E-0001", "enrolment.absence-ended", "--true-at", at, "--why", "n"])

    assert ended.value.code == Exit.USAGE
    assert "give a time" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("porting.cancelled by=alice", "by is given by --as and --why"),
        ("control.waived condition=person_confirmed", "control.waived cannot be said so"),
        ("control.released", "control.released cannot be said so"),
    ],
)
def test_nobody_corrects_in_the_name_of_another_or_past_a_command_that_wants_two(
    handed: Told, typed: Typed, words: str, said: str
) -> None:
    before = len(handed.entries)

    code, _out, err = typed(f"correct E-0001-1 {words} --why n --go --as bob")

    assert (code, len(handed.entries)) == (Exit.BAD_INPUT, before)
    assert said in err
