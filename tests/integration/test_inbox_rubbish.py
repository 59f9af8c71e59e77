"""Whatever stands in an inbox is decided or a dead letter: nothing is lost, nothing stops the flow, no decider dies."""

from __future__ import annotations

import random

import pytest
from confluent_kafka import Producer

from events.codec import encode
from events.registry import FACT_TYPES
from tests.integration.deciders import all_decided, decider, settled, tell
from tests.workers.inbox_facts import an_example, said, town
from workers.runtime.settings import Settings
from workers.runtime.topics import PARTITIONER, topic_name

pytestmark = pytest.mark.integration
SUBJECTS = ("E-0001", "E-0002", "S-0001", "W-01", "R-desk", "K-main", "P-demo")
TRADE = (b'"', b"{", b"}", b"[", b"null", b"NaN", b"-1", b"1e999", b"\\u0000", b"\xff", b"nl.naadloos.", b"E-0001-1")


def mutated(raw: bytes, draw: random.Random) -> bytes:
    """The message with some bytes put in, taken out, doubled or turned, as a broken sender or disk would."""
    for _ in range(draw.randint(1, 4)):
        place, width = draw.randrange(len(raw) + 1), draw.randint(0, 12)
        piece = draw.choice(
            (b"", draw.randbytes(draw.randint(1, 6)), draw.choice(TRADE), raw[place : place + width] * 2)
        )
        raw = raw[:place] + piece + raw[place + width :]
    return raw


def mutations(count: int, draw: random.Random) -> list[tuple[bytes, bytes]]:
    """Keys and values: examples of every fact there is, each broken in its own way."""
    kinds = sorted(FACT_TYPES.values(), key=lambda kind: kind.__name__)
    made = []
    for number in range(count):
        subject = draw.choice(SUBJECTS)
        raw = encode(said(subject, an_example(draw.choice(kinds), subject), id_=f"m-{number}"))
        made.append((draw.choice((subject, subject, subject, "", "x")).encode(), mutated(raw, draw)))
    return made


def noise(count: int, draw: random.Random) -> list[tuple[bytes, bytes]]:
    """Keys and values: bytes of any length and kind."""
    return [(draw.randbytes(draw.randint(0, 8)), draw.randbytes(draw.randint(0, 400))) for _ in range(count)]


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_every_odd_message_is_decided_or_a_dead_letter_and_the_flow_goes_on(programme: Settings, count: int) -> None:
    draw = random.Random(count)
    odd = [*mutations(count, draw), *noise(count, draw)]
    draw.shuffle(odd)
    producer = Producer({"bootstrap.servers": programme.bootstrap_servers, "partitioner": PARTITIONER})
    with decider(programme) as process:
        tell(programme, town(3))
        for key, value in odd:
            producer.produce(topic_name(programme, "inbox"), value, key)
            producer.poll(0)
        assert producer.flush(60) == 0
        all_decided(programme)
        tell(programme, [said("E-0001", an_example(FACT_TYPES["nl.naadloos.control.held.v1"], "E-0001"), id_="last")])
        past = settled(programme)
        assert process.poll() is None

    assert past.wrong == []
    assert past.records >= len(odd)
