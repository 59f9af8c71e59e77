from __future__ import annotations

from datetime import timedelta

import pytest
from aiokafka.partitioner import DefaultPartitioner, murmur2
from confluent_kafka import Producer

from events.codec import decode_fact, encode
from events.control import CommandDone
from tests import orders
from workers.effects.answers import answer, child_trace, letter_told
from workers.runtime.letters import Found

COMMAND = orders.said(orders.cancel_port(), id_="c-7")
FACT = CommandDone(key=COMMAND.message.key, line=COMMAND.message.line)
# Known from Kafka's own tests (org.apache.kafka.common.utils.UtilsTest).
JAVA_SAYS = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


def test_the_answer_goes_to_the_subject_that_gave_the_command() -> None:
    said = answer(COMMAND, FACT, worker="porting", now=orders.NOW)

    assert said.subject == "E-0001"
    assert said.causation == "c-7"
    assert said.correlation == "gm"
    assert said.source == "/naadloos/workers/porting"
    assert said.time == said.recorded == orders.NOW


def test_the_same_answer_to_the_same_command_has_the_same_id() -> None:
    first = answer(COMMAND, FACT, worker="porting", now=orders.NOW)
    again = answer(COMMAND, FACT, worker="porting", now=orders.NOT_AFTER)

    assert first.id == again.id == f"c-7/{FACT.type}"


def test_the_answer_reads_back_whole() -> None:
    said = answer(COMMAND, FACT, worker="porting", now=orders.NOW)

    assert decode_fact(encode(said)) == said


def test_the_trace_goes_on_under_a_span_of_its_own() -> None:
    trace = child_trace(COMMAND.trace, cause="c-7")

    assert trace.startswith(f"00-{'a' * 32}-")
    assert trace.endswith("-01")
    assert trace != COMMAND.trace
    assert trace == child_trace(COMMAND.trace, cause="c-7")


@pytest.mark.parametrize("broken", ["", "not a trace", f"00-{'a' * 31}-{'b' * 16}-01"])
def test_no_trace_is_made_up(broken: str) -> None:
    assert child_trace(broken, cause="c-7") == ""


def test_a_dead_letter_of_a_command_is_told_to_its_subject_once_however_often_it_is_said() -> None:
    found = Found("commands.porting", 3, 9, b"E-0001", b"{not json")

    first, again = (
        letter_told(found, reason="not_json", detail="", worker="porting", programme="gm", now=at)
        for at in (orders.NOW, orders.NOW + timedelta(hours=1))
    )

    assert (first.subject, first.message.letter) == ("E-0001", "commands.porting/3/9")
    assert (first.source, first.id) == (again.source, again.id)


def test_a_dead_letter_that_names_nobody_is_told_to_the_programme() -> None:
    found = Found("commands.porting", 3, 9, None, b"{not json")

    told = letter_told(found, reason="not_json", detail="", worker="porting", programme="gm", now=orders.NOW)

    assert told.subject == "P-gm"


@pytest.mark.parametrize(("key", "hashed"), JAVA_SAYS.items())
def test_keys_are_placed_as_java_places_them(key: bytes, hashed: int) -> None:
    there = murmur2(key)

    assert there - (1 << 32 if there >= 1 << 31 else 0) == hashed
    partitions = list(range(12))
    assert DefaultPartitioner()(key, partitions, partitions) == (hashed & 0x7FFFFFFF) % 12


def test_the_partitioner_named_for_librdkafka_is_one_that_it_knows() -> None:
    Producer({"bootstrap.servers": "127.0.0.1:1", "partitioner": "murmur2_random", "log_level": 0})
