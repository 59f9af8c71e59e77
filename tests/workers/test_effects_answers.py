from __future__ import annotations

import pytest
from aiokafka.partitioner import DefaultPartitioner, murmur2
from confluent_kafka import Producer
from faust.types import TP, Message

from events.codec import UnableToReadError, UnreadReason, decode_fact, encode
from events.control import CommandDone
from tests import orders
from workers.effects.answers import answer, child_trace
from workers.effects.unread import headers_of_unread

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


def test_a_dead_letter_tells_where_it_stood_and_why_and_keeps_the_bytes_as_they_were() -> None:
    message = _record(b"{not json")
    unread = UnableToReadError(UnreadReason.NOT_JSON, "message: json_invalid")

    headers = headers_of_unread(message, unread, worker="porting", now=orders.NOW)

    assert headers["reason"] == b"not_json"
    assert (headers["topic"], headers["partition"], headers["offset"]) == (b"commands", b"3", b"9")
    assert b"not json" not in b"".join(headers.values())


@pytest.mark.parametrize(("key", "hashed"), JAVA_SAYS.items())
def test_keys_are_placed_as_java_places_them(key: bytes, hashed: int) -> None:
    there = murmur2(key)

    assert there - (1 << 32 if there >= 1 << 31 else 0) == hashed
    partitions = list(range(12))
    assert DefaultPartitioner()(key, partitions, partitions) == (hashed & 0x7FFFFFFF) % 12


def test_the_partitioner_named_for_librdkafka_is_one_that_it_knows() -> None:
    Producer({"bootstrap.servers": "127.0.0.1:1", "partitioner": "murmur2_random", "log_level": 0})


def _record(value: bytes) -> Message:
    tp = TP("commands", 3)
    return Message("commands", 3, 9, 0.0, 0, None, b"E-0001", value, None, tp=tp)
