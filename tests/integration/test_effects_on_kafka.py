"""The effect workers on a real Kafka, as processes that are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer

from events.base import LineId, subject_of
from events.codec import decode_fact, encode
from events.control import LetterOpened, OutcomeUnknown
from events.registry import WORKER_OF, AnyCommand
from tests import orders
from tests.integration.fake_effects import POISON
from workers.runtime.settings import Settings
from workers.runtime.topics import topic_name

pytestmark = pytest.mark.integration
PROCESS = Path(__file__).parent / "fake_effects.py"
ROOT = Path(__file__).parents[2]
PATIENCE = 60


@contextmanager
def worker(settings: Settings, kinds: str = "porting,dispatch,cutover,messages") -> Iterator[subprocess.Popen[bytes]]:
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "KAFKA_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
        "NAADLOOS_TOPIC_PREFIX": settings.topic_prefix,
        "NAADLOOS_STATE_DIR": str(settings.state_dir),
    }
    process = subprocess.Popen([sys.executable, str(PROCESS), kinds], env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def feeding(settings: Settings) -> Iterator[Callable[[AnyCommand, str], None]]:
    producer = KafkaProducer(bootstrap_servers=settings.bootstrap_servers)

    def feed(command: AnyCommand, id_: str) -> None:
        subject = subject_of(command.line)
        topic = f"{settings.topic_prefix}.commands.{WORKER_OF[type(command)]}"
        producer.send(topic, key=subject.encode(), value=encode(orders.said(command, id_=id_, subject=subject)))

    yield feed
    producer.flush()
    producer.close()


@contextmanager
def reading(settings: Settings, topic: str) -> Iterator[Callable[[Callable[[list[Any]], bool]], list[Any]]]:
    consumer = KafkaConsumer(topic, bootstrap_servers=settings.bootstrap_servers, auto_offset_reset="earliest")
    records: list[Any] = []

    def until(enough: Callable[[list[Any]], bool]) -> list[Any]:
        ends = time.monotonic() + PATIENCE
        while not enough(records) and time.monotonic() < ends:
            for batch in consumer.poll(timeout_ms=200).values():
                # What is said to the programme itself, as that a party answers, is nobody's answer.
                records.extend(record for record in batch if not (record.key or b"").startswith(b"P-"))
        return records

    yield until
    consumer.close()


def by_cause(records: list[Any]) -> Mapping[str, set[str]]:
    """Per command id the ids of its answers."""
    answers: dict[str, set[str]] = {}
    for record in records:
        event = json.loads(record.value)
        answers.setdefault(event["causationid"], set()).add(event["id"])
    return answers


def test_every_command_is_answered_though_its_workers_are_killed_again_and_again(fresh_settings: Settings) -> None:
    ids: list[str] = []
    with feeding(fresh_settings) as feed, reading(fresh_settings, topic_name(fresh_settings, "inbox")) as until:
        numbers = count()
        for lives in range(4):
            with worker(fresh_settings, "porting") as process:
                until(lambda records, seen=lives * 100: len(by_cause(records)) >= seen)  # type: ignore[misc]
                for number in (next(numbers) for _ in range(200)):
                    ids.append(f"c-{number}")
                    feed(orders.ask_port(LineId(f"E-{number % 40:04d}-1"), attempt=number), ids[-1])
                until(lambda records, seen=lives * 200 + 50: len(by_cause(records)) >= seen)  # type: ignore[misc]
                process.send_signal(signal.SIGKILL)
                process.wait()
        with worker(fresh_settings, "porting"):
            answers = by_cause(until(lambda records: len(by_cause(records)) >= len(ids)))

    assert set(answers) == set(ids)
    assert {len(of_one) for of_one in answers.values()} == {1}


def test_within_a_line_the_answers_come_in_the_order_of_the_commands(fresh_settings: Settings) -> None:
    lines = [LineId(f"E-{number:04d}-1") for number in range(20)]
    with feeding(fresh_settings) as feed, reading(fresh_settings, topic_name(fresh_settings, "inbox")) as until:
        for attempt in range(20):
            for line in lines:
                feed(orders.ask_port(line, attempt=attempt), f"{line}/{attempt:02d}")
        with worker(fresh_settings, "porting"):
            records = until(lambda records: len(records) >= 400)

    events = [json.loads(record.value) for record in records]
    for line in lines:
        causes = [event["causationid"] for event in events if event["data"]["line"] == line]
        assert causes == sorted(causes)
    assert {record.key for record in records} == {subject_of(line).encode() for line in lines}


def test_one_process_answers_every_kind_of_command(fresh_settings: Settings) -> None:
    commands: list[AnyCommand] = [
        orders.request_port(),
        orders.activate_sim(),
        orders.set_forward(),
        orders.send_message(),
    ]
    with feeding(fresh_settings) as feed, reading(fresh_settings, topic_name(fresh_settings, "inbox")) as until:
        for number, command in enumerate(commands):
            feed(command, f"c-{number}")
        with worker(fresh_settings):
            records = until(lambda records: len(records) >= len(commands))

    assert {json.loads(record.value)["source"] for record in records} == {
        f"/naadloos/workers/{kind}" for kind in ("porting", "dispatch", "cutover", "messages")
    }
    assert {dict(record.headers)["content-type"] for record in records} == {b"application/cloudevents+json"}


def test_a_command_that_cannot_be_read_is_buried_and_the_next_one_carried_out(fresh_settings: Settings) -> None:
    producer = KafkaProducer(bootstrap_servers=fresh_settings.bootstrap_servers)
    producer.send(topic_name(fresh_settings, "commands.porting"), key=b"E-0001", value=b"{broken")
    producer.flush()
    with (
        feeding(fresh_settings) as feed,
        reading(fresh_settings, topic_name(fresh_settings, "inbox")) as inbox,
        reading(fresh_settings, topic_name(fresh_settings, "dead-letters")) as dead_letters,
        worker(fresh_settings, "porting"),
    ):
        feed(orders.ask_port(), "c-1")
        told, answer = (decode_fact(record.value) for record in inbox(lambda records: len(records) >= 2))
        (letter,) = dead_letters(lambda records: len(records) >= 1)
    producer.close()
    headers = dict(letter.headers)

    assert (letter.key, letter.value) == (b"E-0001", b"{broken")
    assert (headers["reason"], headers["topic"]) == (b"not_json", b"commands.porting")
    assert isinstance(told.message, LetterOpened)
    assert (told.subject, told.message.letter) == ("E-0001", headers["letter"].decode())
    assert answer.causation == "c-1"


def test_a_command_at_which_the_code_fails_is_buried_and_its_outcome_is_unknown(fresh_settings: Settings) -> None:
    with (
        feeding(fresh_settings) as feed,
        reading(fresh_settings, topic_name(fresh_settings, "inbox")) as inbox,
        reading(fresh_settings, topic_name(fresh_settings, "dead-letters")) as dead_letters,
        worker(fresh_settings, "porting") as process,
    ):
        feed(orders.ask_port(POISON), "c-1")
        feed(orders.ask_port(), "c-2")
        records = inbox(lambda records: len(records) >= 3)
        (letter,) = dead_letters(lambda records: len(records) >= 1)
        assert process.poll() is None
    said = {(fact.subject, type(fact.message)) for fact in (decode_fact(record.value) for record in records)}

    assert {("E-0666", LetterOpened), ("E-0666", OutcomeUnknown)} <= said
    assert len(said) == 3
    assert dict(letter.headers)["reason"] == b"effect_raised"


def test_a_worker_asked_to_stop_ends_well(fresh_settings: Settings) -> None:
    with feeding(fresh_settings) as feed, reading(fresh_settings, topic_name(fresh_settings, "inbox")) as until:
        feed(orders.ask_port(), "c-1")
        with worker(fresh_settings, "porting") as process:
            until(lambda records: len(records) >= 1)
            process.terminate()

            assert process.wait(timeout=PATIENCE) == 0


def test_without_a_provider_a_worker_says_so_and_asks_not_to_be_restarted(fresh_settings: Settings) -> None:
    env = {name: value for name, value in os.environ.items() if name != "NAADLOOS_WORLD_URL"}
    ended = subprocess.run(
        [sys.executable, "-m", "workers.effects", "--kinds", "porting"],
        env={**env, "KAFKA_BOOTSTRAP_SERVERS": fresh_settings.bootstrap_servers},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "NAADLOOS_WORLD_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_only_a_worker_that_was_there_when_a_command_came_says_that_it_lapsed(fresh_settings: Settings) -> None:
    long_past = orders.execute_port()
    with feeding(fresh_settings) as feed, reading(fresh_settings, topic_name(fresh_settings, "inbox")) as until:
        feed(long_past, "before")
        with worker(fresh_settings, "cutover"):
            until(lambda records: len(records) >= 1)
            feed(long_past.model_copy(update={"key": orders.key("execute", 2)}), "after")
            records = until(lambda records: len(records) >= 2)

    said = {event["causationid"]: event["type"] for event in (json.loads(record.value) for record in records)}
    assert said == {
        "before": "nl.naadloos.control.outcome-unknown.v1",
        "after": "nl.naadloos.control.command-lapsed.v1",
    }
