"""What leaves once a decision is in the journal: to the right topic, under an id that a second publishing repeats."""

from __future__ import annotations

import pytest

from events.base import Account, Message, SubjectId
from events.codec import decode_command, decode_fact
from events.control import Held, TimeCome
from events.registry import COMMAND_TYPES, WORKER_OF
from orchestrator.decision import Decision, Tell
from tests.workers.inbox_facts import MONDAY, TERMS, Record, fed, record, said, talking
from workers.contracts.samples import sample
from workers.journal.fold import Fold
from workers.journal.outputs import dead_letter, outputs
from workers.journal.record import Entry, decode
from workers.runtime.letters import Found
from workers.runtime.topics import TOPICS

HELD = said("E-0001", Held(why="asked", by=Account("els")))


def entry_of(decision: Decision) -> Entry:
    ((_, entry),) = fed(Fold(5, TERMS), [record(HELD)])
    return entry._replace(decision=decision)


def letter_of(raw: bytes | None) -> tuple[Entry, dict[str, bytes], bytes, bytes]:
    ((_, _), (_, entry)) = fed(Fold(5, TERMS), [record(HELD), Record(raw, b"E-0001", MONDAY)])
    letter = dead_letter(entry, Found("inbox", 5, 1, b"E-0001", raw, (("trace", b"\xff"),)))
    assert letter.topic == "dead-letters"
    return entry, dict(letter.headers), letter.key, letter.value


@pytest.mark.parametrize("kind", COMMAND_TYPES.values(), ids=lambda kind: kind.__name__)
def test_a_command_goes_to_its_worker_keyed_by_its_subject(kind: type[Message]) -> None:
    command = sample(kind)
    (output,) = outputs(entry_of(Decision(commands=(command,))), 5)  # type: ignore[arg-type]
    said_ = decode_command(output.value)

    assert output.topic == f"commands.{WORKER_OF[kind]}"
    assert output.topic in {topic.name for topic in TOPICS}
    assert (output.key, said_.subject, said_.message) == (b"E-0001", "E-0001", command)


def test_a_tell_goes_to_the_inbox_of_whom_it_is_told() -> None:
    tell = Tell(SubjectId("W-01"), TimeCome(due=MONDAY))
    (output,) = outputs(entry_of(Decision(tells=(tell,))), 5)
    fact = decode_fact(output.value)

    assert (output.topic, output.key) == ("inbox", b"W-01")
    assert (fact.subject, fact.message, fact.id) == ("W-01", tell.fact, "t/5/0/0")


def test_what_leaves_says_what_made_it_be_said() -> None:
    (output,) = outputs(entry_of(Decision(commands=(sample(COMMAND_TYPES["nl.naadloos.sim.block.v1"]),))), 5)  # type: ignore[arg-type]
    command = decode_command(output.value)

    assert (command.causation, command.trace, command.correlation) == (HELD.id, HELD.trace, "E-0001")
    assert (command.time, command.recorded) == (MONDAY, MONDAY)


def test_ids_come_from_the_place_in_the_journal_so_saying_again_says_nothing_new() -> None:
    decided = fed(Fold(5, TERMS), map(record, talking(25)))
    first = [output for _, entry in decided for output in outputs(entry, 5)]
    again = [output for value, _ in decided for output in outputs(decode(value), 5)]
    ids = [decode_fact(o.value).id if o.topic == "inbox" else decode_command(o.value).id for o in first]

    assert first == again
    assert len(ids) == len(set(ids)) > 100
    assert {id_.split("/")[1] for id_ in ids} == {"5"}


def test_nothing_is_said_of_a_duplicate() -> None:
    fold = Fold(5, TERMS)
    (_, (_, entry)) = fed(fold, [record(HELD), record(HELD)])

    assert list(outputs(entry, 5)) == []


def test_a_dead_letter_keeps_the_bytes_and_says_where_they_stood_and_why() -> None:
    entry, headers, key, value = letter_of(b"{broken \xff")

    assert (key, value) == (b"E-0001", b"{broken \xff")
    assert headers == {
        "letter": b"inbox/5/1",
        "topic": b"inbox",
        "partition": b"5",
        "offset": b"1",
        "reason": b"not_json",
        "detail": headers["detail"],
        "worker": b"decider",
        "code": entry.code.encode(),
        "seen": MONDAY.isoformat().encode(),
        "found.trace": b"\xff",
    }


def test_a_dead_letter_of_nothing_is_empty() -> None:
    assert letter_of(None)[3] == b""
