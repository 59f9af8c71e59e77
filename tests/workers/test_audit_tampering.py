"""A journal that somebody altered, cut, swapped or added to is found out, and the right place is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.audited_journal import (
    ANCHOR,
    LAST,
    LIFE,
    TOWN,
    VALUES,
    InMemory,
    anchor_at,
    forged,
    journal_of,
    of_life,
    positions,
)
from tests.workers.inbox_facts import TERMS, Record, fed
from workers.audit.anchor import Head
from workers.audit.findings import Kind
from workers.audit.proof import Proof, proof
from workers.journal.fold import Fold
from workers.journal.record import hash_of


def places(found: Proof) -> list[int]:
    return [finding.position for finding in found.findings]


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
@settings(max_examples=150)
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
@settings(max_examples=60)
def test_an_altered_decision_is_found_at_its_record(position: int, what: str) -> None:
    others = {"code": "0" * 12, "at": "2027-12-24T18:00:00Z", "because": []}
    altered = forged(position, **{what: others[what]})

    found = of_life([*VALUES[:position], altered, *VALUES[position + 1 :]], ANCHOR)

    assert altered != VALUES[position]
    assert found.findings[0].kind in {Kind.ALTERED, Kind.ANCHOR_BROKEN}
    assert found.findings[0].position == position


@given(positions)
@settings(max_examples=60)
def test_a_record_that_is_gone_is_named_with_the_inbox_record_that_it_decided(position: int) -> None:
    found = of_life([*VALUES[:position], *VALUES[position + 1 :]], ANCHOR)

    assert (found.findings[0].position, found.findings[0].offset) == (position, position)
    assert found.findings[0].kind is (Kind.ANCHOR_BROKEN if position == LAST else Kind.REMOVED)
    assert found.cut_off == max(0, LAST - position - 1)
    assert not found.sound


@given(positions, positions)
@settings(max_examples=80)
def test_two_records_that_changed_places_are_both_named(one: int, other: int) -> None:
    first, second = sorted((one, other))
    swapped = list(VALUES)
    swapped[first], swapped[second] = swapped[second], swapped[first]

    found = of_life(swapped)

    assert found.whole == (first == second)
    named = {finding.position for finding in found.findings} | {finding.other for finding in found.findings}
    assert first == second or {first, second} <= named


@given(positions)
@settings(max_examples=60)
def test_a_forged_record_that_follows_nothing_is_named(position: int) -> None:
    stranger = forged(position, prev_hash="0" * 32)

    found = of_life([*VALUES[:position], stranger, *VALUES[position:]])

    assert [(finding.kind, finding.position) for finding in found.findings] == [(Kind.INSERTED, position)]
    assert found.accepted == len(VALUES)
    assert found.sound
    assert not found.whole


@given(positions)
@settings(max_examples=40)
def test_a_forged_record_behind_all_others_is_named(position: int) -> None:
    stranger = forged(position, prev_hash="0" * 32)

    found = of_life([*VALUES, stranger])

    assert [finding.position for finding in found.findings] == [len(VALUES)]
    assert found.findings[0].kind is Kind.INSERTED


@given(positions)
@settings(max_examples=40)
def test_a_forged_record_that_names_a_real_predecessor_and_a_wrong_place_was_put_in(position: int) -> None:
    stranger = forged(position, prev=10**6, offset=10**17)

    found = of_life([*VALUES, stranger])

    assert [(finding.kind, finding.position) for finding in found.findings] == [(Kind.INSERTED, len(VALUES))]
    assert found.sound


@given(positions)
@settings(max_examples=60)
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


def test_an_anchor_holds_while_the_journal_grows() -> None:
    earlier = anchor_at(VALUES[: LAST // 2])

    assert of_life(VALUES, earlier).whole
    assert [f.kind for f in of_life(VALUES[: LAST // 2 - 1], earlier).findings] == [Kind.ANCHOR_BROKEN]


def test_a_partition_that_was_taken_out_whole_shows_against_an_anchor() -> None:
    second = ANCHOR.heads[0].model_copy(update={"partition": 1})

    found = of_life(VALUES, ANCHOR.model_copy(update={"heads": (*ANCHOR.heads, second)}))

    assert [(finding.kind, finding.partition) for finding in found.findings] == [(Kind.ANCHOR_BROKEN, 1)]
    assert not found.sound
