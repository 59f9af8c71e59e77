"""The chain rule: a record counts only where it follows the head, for whoever reads and whatever else stands there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.inbox_facts import TERMS, Record, fed, known, life, record, streams, talking
from workers.journal.chain import Chain
from workers.journal.fold import Fold
from workers.journal.record import UnableToReadJournalError

Altered = Callable[[bytes], bytes]


def values_of(records: list[Record], fold: Fold | None = None) -> list[bytes]:
    return [value for value, _ in fed(fold or Fold(0, TERMS), records)]


LIFE = [record(one) for one in life()]
VALUES = values_of(LIFE)


def reads(values: list[bytes]) -> list[bool]:
    """Which of these a fold accepts; the chain alone accepts the same ones."""
    fold, chain = Fold(0, TERMS), Chain(0)
    accepted = [fold.follow(value) is not None for value in values]
    assert accepted == [chain.follow(value) is not None for value in values]
    assert (chain.offset, chain.hash) == (fold.offset, fold.hash)
    return accepted


def test_each_record_names_its_predecessor_and_the_hash_of_its_bytes() -> None:
    links = [json.loads(value)["data"] for value in VALUES]

    assert [(link["prev"], link["prev_hash"]) for link in links] == [
        (-1, ""),
        *((n, hashlib.blake2b(value, digest_size=16).hexdigest()) for n, value in enumerate(VALUES[:-1])),
    ]


def test_the_whole_chain_is_accepted() -> None:
    assert all(reads(VALUES))


def test_a_record_that_stands_there_twice_counts_once() -> None:
    assert reads([VALUES[0], VALUES[0], VALUES[1], VALUES[0], VALUES[1], VALUES[2]]) == [
        True,
        False,
        True,
        False,
        False,
        True,
    ]


def test_after_a_gap_nothing_counts_until_it_is_filled() -> None:
    assert reads([VALUES[0], VALUES[2], VALUES[3], VALUES[1], VALUES[2]]) == [True, False, False, True, True]


@pytest.mark.parametrize("rubbish", [b"", b"{broken", b"null", b"[]", b'{"data":7}', b"\xff\x00"])
def test_rubbish_on_the_topic_stops_no_reader_since_it_follows_nothing(rubbish: bytes) -> None:
    assert reads([VALUES[0], rubbish, VALUES[1]]) == [True, False, True]


def test_a_record_that_follows_the_head_and_does_not_read_stops_every_reader() -> None:
    newer = VALUES[1].replace(b'"type":"nl.naadloos.journal.decided.v1"', b'"type":"nl.naadloos.journal.decided.v9"')

    for follower in (Fold(0, TERMS), Chain(0)):
        assert follower.follow(VALUES[0]) is not None
        with pytest.raises(UnableToReadJournalError):
            follower.follow(newer)


def test_offset_and_hash_must_both_name_the_head() -> None:
    another = VALUES[0].replace(b'"prev":-1', b'"prev":-2')

    assert reads([another, VALUES[0], VALUES[1]]) == [False, True, True]


def test_what_a_zombie_decided_late_counts_for_nobody() -> None:
    """Two deciders held the same head; the second to write decided the same offset at another time."""
    zombie = values_of([*LIFE[:10], *(Record(r.raw, r.key, LIFE[-1].now) for r in LIFE[10:14])])
    mixed = [*VALUES[:11], *zombie[10:], *VALUES[11:]]

    assert zombie[10] != VALUES[10]
    assert reads(mixed) == [*[True] * 11, *[False] * 4, *[True] * (len(VALUES) - 11)]


@pytest.mark.parametrize(
    "alter",
    [
        lambda value: value.replace(b'"at":"20', b'"at":"21'),
        lambda value: value + b" ",
        lambda value: value.replace(b'"code":"', b'"code":"f'),
    ],
    ids=["another time", "one more blank", "another code"],
)
def test_nothing_follows_a_record_that_was_altered(alter: Altered) -> None:
    altered = alter(VALUES[5])

    assert altered != VALUES[5]
    assert reads([*VALUES[:5], altered, *VALUES[6:]]) == [*[True] * 6, *[False] * (len(VALUES) - 6)]
    assert reads([*VALUES[:6], altered, *VALUES[6:]]) == [*[True] * 6, False, *[True] * (len(VALUES) - 6)]


@given(streams(), st.data())
@settings(max_examples=40)
def test_what_is_read_back_is_what_was_decided(records: list[Record], data: st.DataObject) -> None:
    decider, reader = Fold(0, TERMS), Fold(0, TERMS)
    values = values_of(records, decider)
    again = data.draw(st.lists(st.sampled_from(values), max_size=5) if values else st.just([]))
    for value in values:
        assert reader.follow(value) is not None
    for value in again:
        assert reader.follow(value) is None

    assert known(reader) == known(decider)


@given(streams())
@settings(max_examples=15)
def test_deciding_again_by_the_journalled_times_gives_the_same_bytes(records: list[Record]) -> None:
    first = fed(Fold(0, TERMS), records)
    again = [Record(r.raw, r.key, entry.at) for r, (_, entry) in zip(records, first, strict=True)]

    assert values_of(again) == [value for value, _ in first]


def test_a_town_read_back_is_the_town_that_was_decided() -> None:
    decider, reader = Fold(0, TERMS), Fold(0, TERMS)
    for value in values_of([record(one) for one in talking(25)], decider):
        reader.follow(value)

    assert known(reader) == known(decider)
