"""What one partition makes of its inbox: each message once, the unreadable as such, and the clock never backwards."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from events.base import Account, SubjectId
from events.codec import encode
from events.control import Held, Released, ReportUnrouted, TimeCome
from events.cutover import ExecutePort
from events.enrolment import EmployeeEnrolled, LineEnrolled
from events.journal import JournalRecord
from orchestrator import subjects
from orchestrator.reasons import Reason
from orchestrator.record import Holder
from tests.core.spec import HOLDER, given
from tests.workers.inbox_facts import MONDAY, PROGRAMME, TERMS, Record, an_example, fed, known, life, record, said
from workers.journal.fold import LOOK_AGAIN, Fold
from workers.journal.record import Entry, decode

HELD = Held(why="asked", by=Account("els"))
RELEASED = Released(why="asked", by=Account("els"))
PROGRAMME_SUBJECT = SubjectId(f"P-{PROGRAMME}")


def heard(fold: Fold, *records: Record) -> list[Entry]:
    return [entry for _, entry in fed(fold, records)]


def holder(fold: Fold, subject: str) -> Holder:
    state = fold.state(SubjectId(subject))
    assert isinstance(state, Holder)
    return state


def bad(raw: bytes = b"{broken", key: bytes | None = b"E-0001", now: datetime = MONDAY) -> Record:
    return Record(raw, key, now)


def test_a_message_heard_twice_is_decided_once_and_said_to_be_a_duplicate() -> None:
    fold = Fold(0, TERMS)
    first = record(said("E-0001", HELD, id_="a"))
    entries = heard(fold, first, record(said("E-0001", RELEASED, id_="b")), first)

    assert [entry.duplicate for entry in entries] == [False, False, True]
    assert [b.reason for b in entries[2].decision.because] == [Reason.DUPLICATE]
    assert holder(fold, "E-0001").holds == ()


def test_the_same_id_is_another_message_from_another_source() -> None:
    fold = Fold(0, TERMS)
    one = said("E-0001", HELD, id_="a")
    other = encode(one).replace(b'"source":"/test"', b'"source":"/elsewhere"')

    assert [entry.duplicate for entry in heard(fold, record(one), Record(other, b"E-0001", MONDAY))] == [False, False]
    assert len(holder(fold, "E-0001").holds) == 2


def test_a_second_copy_under_another_subject_is_a_duplicate_still() -> None:
    fold = Fold(0, TERMS)

    entries = heard(fold, record(said("E-0001", HELD, id_="a")), record(said("E-0002", HELD, id_="a")))

    assert entries[1].duplicate
    assert holder(fold, "E-0002").holds == ()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not_json"),
        (b"{broken", "not_json"),
        (b"\xff", "not_json"),
        (b"[]", "not_an_event"),
        (b"{}", "not_an_event"),
        (encode(said("E-0001", HELD)).replace(b"held.v1", b"held.v9"), "unknown_type"),
        (encode(said("E-0001", HELD)).replace(b'"why"', b'"wie"'), "schema"),
        (encode(said("E-0002", HELD)), "wrong_key"),
    ],
)
def test_what_cannot_be_read_has_its_record_with_the_reason(raw: bytes, reason: str) -> None:
    fold = Fold(0, TERMS)
    ((value, entry),) = fed(fold, [bad(raw)])

    assert entry.unread is not None
    assert (entry.unread.reason, entry.subject, entry.heard) == (reason, "E-0001", None)
    assert "els" not in entry.unread.detail
    assert [b.reason for b in entry.decision.because] == [Reason.UNREAD]
    assert decode(value) == entry
    assert holder(fold, "E-0001").unread == {"inbox/0/0"}


@pytest.mark.parametrize("key", [None, b"", b"E-", b"x-1", b"E-\xff", b"E-" + b"9" * 41, b"E-0001 "])
def test_what_cannot_be_read_and_has_no_subject_for_a_key_is_the_programmes(key: bytes | None) -> None:
    (entry,) = heard(Fold(0, TERMS), bad(key=key))

    assert entry.subject == PROGRAMME_SUBJECT


@pytest.mark.parametrize("subject", ["E-0001", "S-desk_1", "R-a.b-c_d", "W-_", "K-1", "P-x", "E-" + "9" * 40])
def test_every_subject_is_read_under_its_own_key(subject: str) -> None:
    (entry,) = heard(Fold(0, TERMS), record(said(subject, TimeCome(due=MONDAY))))

    assert (entry.unread, entry.subject) == (None, subject)


def test_rubbish_on_another_partition_says_nothing_of_the_programme() -> None:
    """The programme lives on one partition; what all partitions know together must be what that one knows."""
    fold = Fold(0, TERMS)
    heard(fold, bad(key=None))

    assert PROGRAMME_SUBJECT not in fold.states


def test_rubbish_takes_nothing_from_what_is_known_of_the_programme() -> None:
    fold = Fold(0, TERMS)
    unrouted = ReportUnrouted(source="carrier", reference="r-1", kind="parcel")
    heard(fold, record(said(PROGRAMME_SUBJECT, unrouted)))
    before = fold.state(PROGRAMME_SUBJECT)
    heard(fold, bad(key=None))

    assert fold.state(PROGRAMME_SUBJECT) == before


@pytest.mark.parametrize("depth", [100, 197, 198, 199, 200, 300])
def test_whatever_is_said_can_be_read_in_the_journal(depth: int) -> None:
    """What is heard stands two levels deeper in the journal, and readers take no more levels there than here."""
    raw = encode(said("E-0001", HELD))[:-1] + b',"odd":' + b"[" * depth + b"]" * depth + b"}"
    fold = Fold(0, TERMS)
    ((value, entry),) = fed(fold, [bad(raw)])

    assert decode(value) == entry
    assert JournalRecord.model_validate_json(value).data.offset == 0


@pytest.mark.parametrize("type_", [b'"nonsense"', b"5", b"null", b'"nl.naadloos.control.released.v1"'])
def test_a_type_inside_the_data_says_nothing_and_can_be_read_in_the_journal(type_: bytes) -> None:
    raw = encode(said("E-0001", HELD)).replace(b'"data":{', b'"data":{"type":' + type_ + b",")
    ((value, entry),) = fed(Fold(0, TERMS), [bad(raw)])

    assert (entry.unread, entry.heard) == (None, said("E-0001", HELD))
    assert decode(value) == entry


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_a_number_that_json_has_not_makes_no_record_that_others_cannot_read(number: bytes) -> None:
    raw = encode(said("E-0001", HELD))[:-1] + b',"odd":' + number + b"}"
    ((value, entry),) = fed(Fold(0, TERMS), [bad(raw)])

    assert entry.unread is not None
    assert entry.unread.reason == "not_json"
    assert number not in value


def test_an_unreadable_message_holds_back_what_cannot_be_undone_for_its_subject_alone() -> None:
    spec = given("ready").at("slot start - 1 minute")
    slot = record(said(HOLDER, TimeCome(due=spec.slot.start), at=spec.slot.start))

    def ordered(*before: Record) -> tuple[list[type], set[Reason]]:
        fold = Fold(0, spec.stage.terms, states=dict(spec.stage.states))
        *_, entry = heard(fold, *before, slot)
        return [type(command) for command in entry.decision.commands], {b.reason for b in entry.decision.because}

    assert ExecutePort in ordered()[0]
    assert ExecutePort in ordered(bad(key=b"E-0002", now=spec.stage.now))[0]
    assert ExecutePort in ordered(bad(key=None, now=spec.stage.now))[0]
    commands, because = ordered(bad(key=HOLDER.encode(), now=spec.stage.now))
    assert ExecutePort not in commands
    assert because == {Reason.UNREAD_MESSAGE}


def test_an_unreadable_message_holds_back_nothing_that_can_be_undone() -> None:
    fold = Fold(0, given("done").stage.terms)
    lived = [record(one) for one in life()]
    enrolled = next(n for n, one in enumerate(life()) if isinstance(one.message, LineEnrolled)) + 1
    entries = heard(fold, *lived[:enrolled], bad(now=lived[0].now), *lived[enrolled:])
    orders = {type(command).__name__ for entry in entries for command in entry.decision.commands}

    assert {"RequestPort", "ShipKit", "ActivateSim", "SetForward", "TestReachability"} <= orders
    assert not {"ExecutePort", "ClearForward"} & orders


def raising(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def test_a_decision_that_raises_folds_the_fact_and_counts_as_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    fold, reader = Fold(0, TERMS), Fold(0, TERMS)
    monkeypatch.setattr(subjects, "decide", raising)
    ((value, entry),) = fed(fold, [record(said("E-0001", an_example(EmployeeEnrolled, "E-0001")))])
    monkeypatch.undo()

    assert entry.unread is not None
    assert entry.unread.reason == "decision_raised"
    assert entry.unread.detail.startswith("ZeroDivisionError while deciding, at workers/journal/fold.py:")
    assert entry.heard is not None
    assert holder(fold, "E-0001").enrolled == entry.heard.message
    assert holder(fold, "E-0001").unread == {"inbox/0/0"}
    reader.follow(value)
    assert known(reader) == known(fold)


def test_a_decision_that_raised_is_known_again_as_a_duplicate(monkeypatch: pytest.MonkeyPatch) -> None:
    fold, one = Fold(0, TERMS), record(said("E-0001", HELD))
    monkeypatch.setattr(subjects, "decide", raising)
    heard(fold, one)
    monkeypatch.undo()

    assert heard(fold, one)[0].duplicate


def test_what_was_not_decided_is_looked_at_again_and_nobody_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = given("ready")
    fold = Fold(0, spec.stage.terms, states=dict(spec.stage.states), looks=dict(spec.stage.looks))
    overdue = fold.looks[HOLDER]
    rubbish, again = heard(fold, bad(key=HOLDER.encode()), bad(key=HOLDER.encode()))
    after_rubbish = fold.looks[HOLDER]
    monkeypatch.setattr(subjects, "decide", raising)
    (entry,) = heard(fold, record(said(HOLDER, HELD)))

    assert overdue < rubbish.at
    assert (after_rubbish, again.decision.look_again_at) == (overdue, None)
    assert fold.looks[HOLDER] == entry.at + LOOK_AGAIN


def test_now_never_goes_backwards_and_the_journal_says_which_now_it_was() -> None:
    minutes = [0, 10, 5, -60, 11]
    nows = [MONDAY + timedelta(minutes=m) for m in minutes]
    fold = Fold(0, TERMS)
    facts = [said("E-0001", HELD, id_=str(n)) for n in range(len(nows))]
    values = [value for value, _ in fed(fold, [record(f, now) for f, now in zip(facts, nows, strict=True)])]

    ats = [decode(value).at for value in values]
    assert ats == [MONDAY + timedelta(minutes=m) for m in (0, 10, 10, 10, 11)]
    assert fold.at == ats[-1]


def test_a_new_fold_of_the_same_partition_goes_on_at_the_last_now() -> None:
    first, second = Fold(0, TERMS), Fold(0, TERMS)
    ((value, _),) = fed(first, [record(said("E-0001", HELD, id_="a"), MONDAY)])
    second.follow(value)
    (entry,) = heard(second, record(said("E-0001", RELEASED, id_="b"), MONDAY - timedelta(days=1)))

    assert entry.at == MONDAY


def test_what_was_heard_is_decided_as_it_was_on_the_stage() -> None:
    """The fold of the workers and the stage on which stories are played decide alike, message by message."""
    spec = given("done")
    entries = heard(Fold(0, spec.stage.terms), *map(record, life()))

    assert [entry.decision for entry in entries] == [heard.decision for heard in spec.stage.history]


def test_a_record_holds_no_more_than_what_there_is_to_say() -> None:
    ((value, _),) = fed(Fold(0, TERMS), [record(said("W-01", HELD))])

    assert set(json.loads(value)["data"]) <= {"heard", "prev", "prev_hash", "offset", "at", "code", "because"}
