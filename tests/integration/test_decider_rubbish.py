"""What a decider on a real Kafka does with records that are not ours, in the journal and in the inbox."""

from __future__ import annotations

import pytest
from confluent_kafka import Producer

from events.base import SubjectId
from events.codec import encode
from orchestrator.record import Holder
from tests.integration.deciders import PATIENCE, all_decided, decider, everything, put, read_back, settled, tell
from tests.workers.inbox_facts import MONDAY, fed, record, said, town
from tests.workers.test_journal_fold import HELD
from workers.chaos.checker import by_partition
from workers.journal.fold import Fold
from workers.runtime.ends import End
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import topic_name

pytestmark = pytest.mark.integration


def test_a_foreign_record_in_the_journal_ends_the_decider_and_is_ignored_by_the_next(programme: Settings) -> None:
    with decider(programme) as process:
        tell(programme, town(3))
        assert settled(programme).wrong == []
        ((foreign, _),) = fed(Fold(0, terms_of(programme)), [record(said("E-0001", HELD))])
        for partition in range(programme.partitions):
            put(programme, "journal", foreign.replace(b'"prev":-1', b'"prev":-2'), partition=partition)
        tell(programme, [said("E-0001", HELD)])

        assert process.wait(PATIENCE) == End.ANEW
    with decider(programme):
        past = settled(programme)

    assert past.wrong == []
    assert past.ignored >= programme.partitions


def test_an_unreadable_message_becomes_a_dead_letter_and_the_flow_goes_on(programme: Settings) -> None:
    rubbish = [b"{broken", b"\xff\xfe", b"", encode(said("E-0002", HELD)), b"[" * 500]
    with decider(programme):
        for raw in rubbish:
            put(programme, "inbox", raw)
            tell(programme, [said("E-0001", HELD, id_=str(len(raw)), at=MONDAY)])
        past = settled(programme)
    letters = everything(programme, "dead-letters")

    assert past.wrong == []
    assert [letter.value() for letter in letters] == rubbish
    assert {letter.key() for letter in letters} == {b"E-0001"}
    holder = past.states[SubjectId("E-0001")]
    assert isinstance(holder, Holder)
    assert (len(holder.holds), len(holder.unread)) == (len(rubbish), len(rubbish))
    inbox = by_partition(programme, "inbox")
    for letter in letters:
        headers = dict(letter.headers() or [])
        place = inbox[int(headers["partition"] or -1)][int(headers["offset"] or -1)]
        assert place.value() == letter.value()


def test_a_message_of_nearly_a_megabyte_is_a_dead_letter_and_the_flow_goes_on(programme: Settings) -> None:
    long = encode(said("E-0001", HELD.model_copy(update={"why": "w" * 999_000}), id_="long"))
    with decider(programme):
        put(programme, "inbox", long)
        tell(programme, [said("E-0001", HELD)])
        past = settled(programme)

    (letter,) = everything(programme, "dead-letters")
    holder = past.states[SubjectId("E-0001")]
    assert isinstance(holder, Holder)
    assert (past.wrong, len(holder.holds), letter.value()) == ([], 1, long)
    assert dict(letter.headers() or [])["reason"] == b"too_long"


def test_what_another_partitioner_put_elsewhere_holds_its_subject_back_and_takes_nobodys_place(
    programme: Settings,
) -> None:
    people = sorted({one.subject for one in town(12) if one.subject.startswith("E-")})
    astray = Producer({"bootstrap.servers": programme.bootstrap_servers})  # librdkafka's own partitioner, not ours
    with decider(programme):
        tell(programme, town(12))
        all_decided(programme)
        before = {who: past for who, past in settled(programme).states.items() if who in people}
        for who in people:
            astray.produce(topic_name(programme, "inbox"), encode(said(who, HELD, id_=f"astray/{who}")), who)
        assert astray.flush(30) == 0
        past = settled(programme)

    assert past.wrong == []
    letters = {(letter.key() or b"").decode() for letter in everything(programme, "dead-letters")}
    assert letters, "some stood elsewhere"
    for who in people:
        was, now = before[who], past.states[who]
        assert isinstance(was, Holder)
        assert isinstance(now, Holder)
        assert now.lines.keys() == was.lines.keys()
        assert (len(now.unread), len(now.holds)) == ((1, 0) if who in letters else (0, 1))
    living = [who for fold in read_back(programme) for who in fold.states]
    assert len(living) == len(set(living)), "nobody is known on two partitions"
