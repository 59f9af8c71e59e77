"""What a client with another partitioner said: a dead letter that holds its subject back, and takes nobody's place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.base import Account, LineFact, LineId, Msisdn, SubjectId
from events.codec import UnreadReason, encode
from events.control import Held, ReportRouted
from events.enrolment import EmployeeEnrolled, LineEnrolled, LineKind, MandateFiled
from events.journal import Unread
from events.messages import Role, SendMessage
from events.places import KitAsked, PlaceAsked
from events.planning import SlotAsked
from orchestrator.record import Holder
from tests.core.spec import HOLDER, given
from tests.workers.inbox_facts import MONDAY, PROGRAMME, TERMS, Record, an_example, fed, known, record, said
from tests.workers.told import BOB, line_of, small_town
from workers.clock.saying import time_come
from workers.journal.fold import SOON, Fold
from workers.journal.letters import still_open, together
from workers.journal.outputs import outputs
from workers.runtime.topics import partition_of

PARTITIONS = 12
ANN = SubjectId("E-0001")
HERE = partition_of(ANN, PARTITIONS)
ELSEWHERE = (HERE + 1) % PARTITIONS
HELD = Held(why="asked", by=Account("els"))
ENROLLED = record(said(ANN, an_example(EmployeeEnrolled, ANN), id_="in"))
RUBBISH = Record(b"not json at all", ANN.encode(), MONDAY)


def fold(partition: int) -> Fold:
    return Fold(partition, TERMS, partitions=PARTITIONS)


def passed_on(sender: Fold, one: Record) -> Record:
    """What the subject's own partition gets to hear of this record, said on the sender's."""
    ((_, entry),) = fed(sender, [one])
    (output,) = outputs(entry, sender.partition)
    assert (output.topic, output.key) == ("inbox", ANN.encode())
    return Record(output.value, output.key, MONDAY)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (record(said(ANN, HELD)), UnreadReason.WRONG_PARTITION),
        (RUBBISH, UnreadReason.NOT_JSON),
        (Record(b"", ANN.encode(), MONDAY), UnreadReason.NOT_JSON),
    ],
    ids=["a fact", "rubbish", "nothing"],
)
def test_it_is_a_letter_of_which_its_subject_hears_where_it_lives(one: Record, reason: UnreadReason) -> None:
    away, home = fold(ELSEWHERE), fold(HERE)
    fed(home, [ENROLLED, passed_on(away, one)])

    ann = home.state(ANN)
    assert isinstance(ann, Holder)
    assert ann.unread == {f"inbox/{ELSEWHERE}/0"}
    assert ann.enrolled is not None
    (letter,) = still_open(together([away.letters, home.letters]))
    assert (letter.subject, letter.reason) == (ANN, reason)


@pytest.mark.parametrize("one", [record(said(ANN, HELD)), RUBBISH])
def test_where_it_was_said_nothing_is_known_of_its_subject(one: Record) -> None:
    away, reader = fold(ELSEWHERE), Fold(ELSEWHERE, TERMS)
    ((value, _),) = fed(away, [one])

    assert away.states == {}
    assert reader.follow(value) is not None
    assert known(reader) == {**known(away), "partitions": 0}


def test_the_same_fact_counts_once_it_is_said_where_it_belongs() -> None:
    away, home = fold(ELSEWHERE), fold(HERE)
    fact = record(said(ANN, HELD))
    fed(home, [ENROLLED, passed_on(away, fact), fact])

    ann = home.state(ANN)
    assert isinstance(ann, Holder)
    assert len(ann.holds) == 1


@pytest.mark.parametrize("partition", range(PARTITIONS))
def test_rubbish_that_names_nobody_is_told_to_nobody_wherever_it_stands(partition: int) -> None:
    ((_, entry),) = fed(fold(partition), [Record(b"{", b"somebody", MONDAY)])

    assert (entry.subject, entry.decision.tells) == (f"P-{PROGRAMME}", ())


def test_a_fact_to_the_programme_counts_on_its_own_partition_alone() -> None:
    programme = SubjectId(f"P-{PROGRAMME}")
    fact = said(programme, ReportRouted(source="/carrier", reference="r-1", kind="parcel"))
    away = (partition_of(programme, PARTITIONS) + 1) % PARTITIONS

    ((_, entry),) = fed(fold(away), [record(fact)])

    assert entry.unread is not None
    assert [tell.to for tell in entry.decision.tells] == [programme]


def test_who_was_heard_here_before_partitions_were_looked_at_is_heard_here_still() -> None:
    away = fold(ELSEWHERE)
    away.states[ANN] = Holder(ANN)

    ((_, entry),) = fed(away, [record(said(ANN, HELD))])

    assert (entry.unread, entry.decision.tells) == (None, ())


def test_whose_message_cannot_be_read_is_looked_at_at_once_so_that_ops_has_a_task() -> None:
    spec = given("ready")
    home = Fold(0, spec.stage.terms, states=dict(spec.stage.states), looks=dict(spec.stage.looks))
    now = spec.stage.now + timedelta(minutes=1)

    first, second = (entry for _, entry in fed(home, [Record(b"{", HOLDER.encode(), now)] * 2))

    assert first.decision.look_again_at == now + SOON
    assert second.decision.look_again_at is None, "it is looked at already"


def test_that_look_has_no_name_under_which_a_time_was_said_before() -> None:
    spec = given("ready")
    home = Fold(0, spec.stage.terms, states=dict(spec.stage.states), looks=dict(spec.stage.looks))
    due = home.looks[HOLDER]
    come = Record(encode(time_come(HOLDER, due, due)), HOLDER.encode(), due)
    fed(home, [come, Record(b"{", HOLDER.encode(), due)])

    look = home.looks[HOLDER]
    ((_, entry),) = fed(home, [Record(encode(time_come(HOLDER, look, look)), HOLDER.encode(), look)])

    assert not entry.duplicate
    assert any(isinstance(command, SendMessage) and command.to is Role.OPS for command in entry.decision.commands)


def test_a_fact_about_somebody_elses_line_is_a_letter_and_nothing_is_ordered_by_that_lines_key() -> None:
    told = small_town()
    enrolled = LineEnrolled(line=line_of(BOB), number=Msisdn("+31612345678"), kind=LineKind.VOICE, ports=True)

    entry = told.say(ANN, enrolled)

    assert entry.unread == Unread(reason=UnreadReason.WRONG_KEY, detail="the line is another subject's")
    assert entry.decision.commands == ()
    ann = told.state(ANN)
    assert isinstance(ann, Holder)
    assert set(ann.lines) == {line_of(ANN)}


@pytest.mark.parametrize(("subject", "kind"), [("W-01", SlotAsked), ("R-desk_1", PlaceAsked), ("K-main", KitAsked)])
def test_waves_rosters_and_stocks_are_told_of_anybodys_line(subject: str, kind: type[LineFact]) -> None:
    ((_, entry),) = fed(Fold(0, TERMS), [record(said(subject, an_example(kind, BOB)))])

    assert entry.unread is None


@pytest.mark.parametrize("line", ["E-0001-1", "E-0001-12", "E-0001"])
def test_a_subject_hears_of_each_of_its_lines_and_of_itself(line: str) -> None:
    ((_, entry),) = fed(Fold(0, TERMS), [record(said(ANN, MandateFiled(line=LineId(line), mandate="M-1")))])

    assert entry.unread is None
