"""A journal that somebody altered, cut, swapped or added to is found out, and the right place is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.inbox_facts import TERMS, Record, fed, life, record, talking
from workers.audit.anchor import Anchor, Head, anchor_of
from workers.audit.findings import Finding, Kind
from workers.audit.proof import Proof, proof
from workers.journal.fold import Fold
from workers.journal.record import hash_of
from workers.keeping.kept import Kept
from workers.runtime.topics import TopicName

LIFE = [record(one) for one in life()]
TOWN = [record(one) for one in talking(4)]


@cache
def journal_of(town: bool) -> tuple[bytes, ...]:  # noqa: FBT001 - which of the two
    return tuple(value for value, _ in fed(Fold(0, TERMS), TOWN if town else LIFE))


@dataclass
class InMemory:
    """A programme of one partition. Fulfils `kept.Source`."""

    journal: Sequence[bytes]
    inbox: Sequence[Record]
    partitions: int = 1

    def records(self, topic: TopicName, partition: int) -> list[Kept]:
        assert partition == 0
        values = self.journal if topic == "journal" else [one.raw for one in self.inbox]
        return [Kept(offset, -1, b"", value, "") for offset, value in enumerate(values)]


def of_life(journal: Sequence[bytes], anchor: Anchor | None = None) -> Proof:
    return proof(InMemory(journal, LIFE), anchor=anchor)


def anchor_at(journal: Sequence[bytes]) -> Anchor:
    found = of_life(journal)
    assert found.at is not None
    return anchor_of("demo", "demo", found.heads, at=found.at)


def places(found: Proof) -> list[int]:
    return [finding.position for finding in found.findings]


VALUES = list(journal_of(town=False))
LAST = len(VALUES) - 1
ANCHOR = anchor_at(VALUES)
positions = st.integers(0, LAST)


def forged(position: int, **data: object) -> bytes:
    """The record at this position with other data, as somebody would write it who knows the shape."""
    record_ = json.loads(VALUES[position])
    record_["data"] |= data
    return json.dumps(record_, separators=(",", ":")).encode()


@pytest.mark.parametrize("town", [True, False])
def test_a_journal_that_nobody_touched_passes(town: bool) -> None:  # noqa: FBT001 - which of the two
    values = journal_of(town)
    found = proof(InMemory(values, TOWN if town else LIFE))

    assert found.findings == []
    assert found.ignored == []
    assert found.accepted == len(values)
    assert found.heads == [
        Head(partition=0, position=len(values) - 1, offset=len(values) - 1, hash=hash_of(values[-1]))
    ]


@given(positions, st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_byte_is_found_at_its_record(position: int, data: st.DataObject) -> None:
    value = VALUES[position]
    place = data.draw(st.integers(0, len(value) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != value[place]))
    altered = value[:place] + bytes([byte]) + value[place + 1 :]

    found = of_life([*VALUES[:position], altered, *VALUES[position + 1 :]], ANCHOR)

    assert not found.whole
    assert not found.sound
    assert position in places(found)
    assert set(places(found)) <= {position, position + 1, LAST}


@given(positions, st.sampled_from(["code", "at", "because"]))
@settings(max_examples=60, deadline=None)
def test_an_altered_decision_is_found_at_its_record(position: int, what: str) -> None:
    others = {"code": "0" * 12, "at": "2027-12-24T18:00:00Z", "because": []}
    altered = forged(position, **{what: others[what]})

    found = of_life([*VALUES[:position], altered, *VALUES[position + 1 :]], ANCHOR)

    assert altered != VALUES[position]
    assert found.findings[0].kind in {Kind.ALTERED, Kind.ANCHOR_BROKEN}
    assert found.findings[0].position == position


@given(positions)
@settings(max_examples=60, deadline=None)
def test_a_record_that_is_gone_is_named_with_the_inbox_record_that_it_decided(position: int) -> None:
    found = of_life([*VALUES[:position], *VALUES[position + 1 :]], ANCHOR)

    assert (found.findings[0].position, found.findings[0].offset) == (position, position)
    assert found.findings[0].kind is (Kind.ANCHOR_BROKEN if position == LAST else Kind.REMOVED)
    assert found.cut_off == max(0, LAST - position - 1)
    assert not found.sound


@given(positions, positions)
@settings(max_examples=80, deadline=None)
def test_two_records_that_changed_places_are_both_named(one: int, other: int) -> None:
    first, second = sorted((one, other))
    swapped = list(VALUES)
    swapped[first], swapped[second] = swapped[second], swapped[first]

    found = of_life(swapped)

    assert found.whole == (first == second)
    named = {finding.position for finding in found.findings} | {finding.other for finding in found.findings}
    assert first == second or {first, second} <= named


@given(positions)
@settings(max_examples=60, deadline=None)
def test_a_forged_record_that_follows_nothing_is_named(position: int) -> None:
    stranger = forged(position, prev_hash="0" * 32)

    found = of_life([*VALUES[:position], stranger, *VALUES[position:]])

    assert [(finding.kind, finding.position) for finding in found.findings] == [(Kind.INSERTED, position)]
    assert found.accepted == len(VALUES)
    assert found.sound
    assert not found.whole


@given(positions)
@settings(max_examples=40, deadline=None)
def test_a_forged_record_behind_all_others_is_named(position: int) -> None:
    stranger = forged(position, prev_hash="0" * 32)

    found = of_life([*VALUES, stranger])

    assert [finding.position for finding in found.findings] == [len(VALUES)]
    assert found.findings[0].kind is Kind.INSERTED


@given(positions)
@settings(max_examples=60, deadline=None)
def test_a_forged_record_that_takes_anothers_place_is_named(position: int) -> None:
    """It names the head rightly, so readers accept it and pass over all that was there."""
    impostor = forged(position, because=[])
    journal = [*VALUES[:position], impostor, *VALUES[position:]]

    found = of_life(journal, ANCHOR)

    assert not found.sound
    assert found.findings[0].position == position
    assert position == LAST or of_life(journal).findings[0].kind is Kind.FORKED


@pytest.mark.parametrize("rubbish", [b"", b"{broken", b"null", b'{"data":7}', b"\xff\x00"])
def test_rubbish_is_named_and_harms_nothing(rubbish: bytes) -> None:
    found = of_life([*VALUES[:5], rubbish, *VALUES[5:]])

    assert [(finding.kind, finding.position) for finding in found.findings] == [(Kind.UNREADABLE, 5)]
    assert found.accepted == len(VALUES)
    assert found.sound


@pytest.mark.parametrize("after", [5, LAST])
def test_a_record_at_which_every_reader_stops_is_named_and_is_no_strangers(after: int) -> None:
    newer = forged(after + 1, prev=after) if after < LAST else forged(LAST, prev=LAST, prev_hash=hash_of(VALUES[LAST]))
    newer = newer.replace(b"journal.decided.v1", b"journal.decided.v9")

    found = of_life([*VALUES[: after + 1], newer])

    assert [(finding.kind, finding.position) for finding in found.findings] == [(Kind.STOPPING, after + 1)]
    assert not found.sound


def test_a_journal_that_ends_before_what_the_deciders_had_come_to_has_lost_its_end() -> None:
    """A spoilt last record alone looks like a stranger's."""
    found = of_life([*VALUES[:LAST], b"{broken"])
    assert found.sound

    found.hold_against({0: LAST + 1})

    assert [(finding.kind, finding.offset) for finding in found.findings][-1] == (Kind.ENDS_EARLY, LAST)
    assert not found.sound


def test_a_journal_that_is_ahead_of_what_the_deciders_had_said_is_sound() -> None:
    found = of_life(VALUES)

    found.hold_against({0: LAST - 3})

    assert found.whole


def test_what_a_zombie_wrote_is_ignored_and_no_tampering() -> None:
    late = [
        value
        for value, _ in fed(Fold(0, TERMS), [*LIFE[:10], *(Record(r.raw, r.key, LIFE[-1].now) for r in LIFE[10:14])])
    ]
    found = of_life([*VALUES[:11], *late[10:], *VALUES[11:]])

    assert found.findings == []
    assert [(each.position, each.offset, each.again) for each in found.ignored] == [
        (11 + number, 10 + number, False) for number in range(4)
    ]


def test_a_record_that_stands_there_twice_is_ignored() -> None:
    found = of_life([*VALUES[:8], VALUES[3], *VALUES[8:]])

    assert found.findings == []
    assert [(each.position, each.offset, each.again) for each in found.ignored] == [(8, 3, True)]


@given(positions)
@settings(max_examples=40, deadline=None)
def test_an_inbox_record_that_is_not_what_was_heard_is_named(position: int) -> None:
    raw = LIFE[position].raw
    assert raw is not None
    altered = Record(raw.replace(b'"time":"2', b'"time":"1'), LIFE[position].key, LIFE[position].now)

    found = proof(InMemory(VALUES, [*LIFE[:position], altered, *LIFE[position + 1 :]]))

    assert found.findings == [Finding(Kind.UNHEARD, 0, position, position)]


def test_a_decision_on_what_stands_nowhere_is_named() -> None:
    found = proof(InMemory(VALUES, LIFE[:-1]))

    assert found.findings == [Finding(Kind.NOT_IN_INBOX, 0, LAST, LAST)]


@dataclass
class Holed(InMemory):
    """A programme with offsets in its inbox at which nothing stands."""

    holes: frozenset[int] = frozenset()

    def records(self, topic: TopicName, partition: int) -> list[Kept]:
        every = super().records(topic, partition)
        return every if topic == "journal" else [one for one in every if one.offset not in self.holes]


def without(*unseen: int) -> list[bytes]:
    """The journal of a decider that never saw these records of the inbox."""
    fold = Fold(0, TERMS)
    seen = [(offset, one) for offset, one in enumerate(LIFE) if offset not in unseen]
    return [fold.decide(one.raw, key=one.key, offset=offset, now=one.now)[0] for offset, one in seen]


@given(positions.filter(lambda position: position < LAST), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_every_message_that_the_journal_passes_over_is_named(position: int, many: int) -> None:
    after = min(position + many, LAST)

    found = of_life(without(*range(position, after)))

    assert found.findings == [Finding(Kind.UNDECIDED, 0, position, offset) for offset in range(position, after)]
    assert not found.sound


def test_an_offset_of_the_inbox_at_which_nothing_stands_is_not_missed() -> None:
    assert proof(Holed(without(0, 5, 6), LIFE, holes=frozenset({0, 5, 6}))).whole


def test_a_message_beside_a_decision_on_nothing_is_missed_too() -> None:
    found = proof(Holed(without(5, 6), LIFE, holes=frozenset({4})))

    assert [(finding.kind, finding.offset) for finding in found.findings] == [
        (Kind.NOT_IN_INBOX, 4),
        (Kind.UNDECIDED, 5),
        (Kind.UNDECIDED, 6),
    ]


def test_an_anchor_holds_while_the_journal_grows() -> None:
    earlier = anchor_at(VALUES[: LAST // 2])

    assert of_life(VALUES, earlier).whole
    assert [f.kind for f in of_life(VALUES[: LAST // 2 - 1], earlier).findings] == [Kind.ANCHOR_BROKEN]


def test_a_partition_that_was_taken_out_whole_shows_against_an_anchor() -> None:
    second = ANCHOR.heads[0].model_copy(update={"partition": 1})

    found = of_life(VALUES, ANCHOR.model_copy(update={"heads": (*ANCHOR.heads, second)}))

    assert [(finding.kind, finding.partition) for finding in found.findings] == [(Kind.ANCHOR_BROKEN, 1)]
    assert not found.sound
