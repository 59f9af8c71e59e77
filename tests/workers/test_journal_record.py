"""A journal record: what was heard stands in it byte for byte, and what was decided comes out as it went in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import NoReturn

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event

from events.base import Account, LineId, Message, SubjectId
from events.codec import CONTENT_TYPE, encode, wire
from events.control import Held, TimeCome
from events.journal import Unread
from events.registry import COMMAND_TYPES, FACT_TYPES, OUTCOME_TYPES
from orchestrator.decision import Because, Decision, Tell
from orchestrator.reasons import Reason
from tests.workers.inbox_facts import MONDAY, TERMS, an_example, fed, life, record, said, talking
from workers.contracts.samples import sample
from workers.journal.fold import Fold
from workers.journal.record import Entry, Link, UnableToReadJournalError, decode, hash_of
from workers.journal.record import encode as journalled

E1 = SubjectId("E-0001")
LINK = Link(prev=6, prev_hash="ab" * 16, offset=7)
HEARD = said(E1, TimeCome(due=MONDAY))
ODD = '{"a\\u00e9":"é\\n\\"\\ud83d\\ude00", "data" : [ 1.50, -0.0, 1e3, null ]}'


def written(
    decision: Decision, *, raw: bytes | None = None, unread: Unread | None = None, duplicate: bool = False
) -> bytes:
    return journalled(
        LINK,
        partition=3,
        subject=E1,
        at=MONDAY,
        code="c0de",
        raw=raw,
        unread=unread,
        duplicate=duplicate,
        decision=decision,
    )


def strictly(value: bytes) -> dict[str, object]:
    """The JSON, by the letter: no NaN, no name twice."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(constant)

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len({name for name, _ in pairs}) == len(pairs), pairs
        return dict(pairs)

    read: dict[str, object] = json.loads(value.decode(), parse_constant=refuse, object_pairs_hook=once)
    return read


def read_back(decision: Decision) -> Decision:
    return decode(written(decision, raw=encode(HEARD))).decision


@pytest.mark.parametrize("kind", COMMAND_TYPES.values(), ids=lambda kind: kind.__name__)
def test_every_command_comes_back(kind: type[Message]) -> None:
    decision = Decision(commands=(sample(kind), sample(kind)))  # type: ignore[arg-type]

    assert read_back(decision) == decision


@pytest.mark.parametrize("kind", FACT_TYPES.values(), ids=lambda kind: kind.__name__)
def test_every_fact_comes_back_told_or_heard(kind: type[Message]) -> None:
    fact = an_example(kind, "E-0001")
    decision = Decision(tells=(Tell(SubjectId("W-01"), fact),))
    heard = said(E1, fact)
    entry = decode(written(decision, raw=encode(heard)))

    assert (entry.decision, entry.heard) == (decision, heard)


@pytest.mark.parametrize("kind", OUTCOME_TYPES.values(), ids=lambda kind: kind.__name__)
def test_every_outcome_comes_back(kind: type[Message]) -> None:
    decision = Decision(outcomes=(sample(kind),))  # type: ignore[arg-type]

    assert read_back(decision) == decision


def test_every_reason_and_the_time_to_look_again_come_back() -> None:
    line, later = LineId("E-0001-1"), MONDAY + timedelta(hours=1)
    becauses = [Because(reason, line, MONDAY, later) for reason in Reason]
    decision = Decision(because=(*becauses, Because(Reason.DONE)), look_again_at=later)

    assert read_back(decision) == decision


def test_an_entry_says_where_it_stands_and_who_decided() -> None:
    value = written(Decision(), raw=encode(HEARD))

    assert decode(value) == Entry(
        link=LINK,
        hash=hash_of(value),
        subject=E1,
        at=MONDAY,
        code="c0de",
        heard=HEARD,
        unread=None,
        duplicate=False,
        decision=Decision(),
    )


def test_what_could_not_be_read_comes_back_as_its_reason() -> None:
    unread = Unread(reason="schema", detail='message: "quoted"')

    entry = decode(written(Decision(because=(Because(Reason.UNREAD),)), unread=unread))

    assert (entry.unread, entry.heard, entry.decision.because) == (unread, None, (Because(Reason.UNREAD),))


def test_a_duplicate_comes_back_as_one() -> None:
    assert decode(written(Decision(), raw=encode(HEARD), duplicate=True)).duplicate


def test_what_was_heard_stands_there_byte_for_byte_and_the_record_is_strict_json() -> None:
    raw = encode(said(E1, Held(why='a "quote", a \\ and 😀', by=Account("els"))))
    raw = b" \n" + raw[:-1] + b',\t"odd":' + ODD.encode() + b"}\r\n"
    value = written(Decision(), raw=raw)

    assert raw in value
    data = strictly(value)["data"]
    assert isinstance(data, dict)
    assert data["heard"] == json.loads(raw)
    assert decode(value).heard == said(E1, Held(why='a "quote", a \\ and 😀', by=Account("els")))


def test_every_record_of_a_move_is_a_cloud_event() -> None:
    for value, entry in fed(Fold(3, TERMS), map(record, (*life(), *talking(5)))):
        strictly(value)
        event = from_structured_event(KafkaMessage({"content-type": CONTENT_TYPE.encode()}, None, value))
        assert (event.get_id(), event.get_subject()) == (f"3/{entry.link.offset}", entry.subject)
        assert (event.get_time(), event.get_extension("recordedtime")) == (entry.at, entry.at.isoformat()[:-6] + "Z")


def test_what_is_journalled_is_what_was_decided() -> None:
    for value, entry in fed(Fold(3, TERMS), map(record, (*life(), *talking(5)))):
        assert decode(value) == entry
        assert wire(value).id == f"3/{entry.link.offset}"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{",
        encode(HEARD),
        written(Decision(), raw=encode(HEARD).replace(b"time-come.v1", b"never-heard-of.v1")),
        written(Decision(because=(Because(Reason.DONE),))).replace(b'"reason":"done"', b'"reason":"a new one"'),
        written(Decision(commands=(sample(COMMAND_TYPES["nl.naadloos.sim.block.v1"]),))).replace(  # type: ignore[arg-type]
            b"sim.block.v1", b"sim.block.v9"
        ),
    ],
    ids=["nothing", "half", "another record", "an unknown fact", "an unknown reason", "an unknown command"],
)
def test_what_is_no_record_of_ours_is_refused_by_name(value: bytes) -> None:
    with pytest.raises(UnableToReadJournalError) as unable:
        decode(value)

    assert "E-0001" not in str(unable.value)
