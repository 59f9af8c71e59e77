"""The checker of histories: it finds nothing where nothing is wrong, and whatever is done to a history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest

from events.base import SubjectId
from events.codec import encode
from events.control import TimeCome
from tests.workers.inbox_facts import MONDAY, TERMS, an_example, said, talking
from workers.chaos.checker import SAID_ON, History, judged
from workers.journal.fold import Fold
from workers.journal.outputs import dead_letter, outputs
from workers.journal.record import hash_of
from workers.runtime.letters import Found
from workers.runtime.topics import TopicName

Left = dict[TopicName, list[Found]]
"""What a decider left on one partition."""


@cache
def _decided() -> tuple[tuple[TopicName, tuple[Found, ...]], ...]:
    left: Left = {topic: [] for topic in ("journal", *SAID_ON)}
    fold = Fold(0, TERMS)
    heard = [(encode(one), one.subject.encode(), one.recorded) for one in talking(3)]
    heard += [(b"{rubbish", b"E-0001", heard[-1][2]), heard[3]]
    for offset, (value, key, now) in enumerate(heard):
        left["inbox"].append(Found("inbox", 0, offset, key, value))
        record, entry = fold.decide(value, key=key, offset=offset, now=now)
        left["journal"].append(Found("journal", 0, offset, key, record))
        said_of_it = [output for output in outputs(entry, 0) if output.topic != "inbox"]
        if entry.unread is not None:
            said_of_it.append(dead_letter(entry, left["inbox"][-1]))
        for output in said_of_it:
            place = len(left[output.topic])
            left[output.topic].append(Found(output.topic, 0, place, output.key, output.value, output.headers))
    return tuple((topic, tuple(records)) for topic, records in left.items())


@pytest.fixture
def left() -> Left:
    return {topic: list(records) for topic, records in _decided()}


def judge(left: Left) -> History:
    return judged(TERMS, {topic: {0: records} for topic, records in left.items()})


def a_command_topic(left: Left) -> TopicName:
    return next(topic for topic in SAID_ON if topic.startswith("commands.") and left[topic])


def test_a_history_in_which_nothing_went_wrong(left: Left) -> None:
    past = judge(left)

    assert past.wrong == []
    assert (past.lost, past.doubled, past.ignored, past.duplicates) == (0, 0, 0, 1)
    assert past.records == len(left["inbox"])
    assert len(past.ordered) > 0
    assert len(past.refused) == 1


def test_what_a_zombie_wrote_late_is_passed_over(left: Left) -> None:
    left["journal"].append(left["journal"][4])
    left["journal"].insert(10, left["journal"][2])

    past = judge(left)

    assert past.wrong == []
    assert past.ignored == 2


def test_what_is_said_again_under_its_id_is_a_repeat_and_nothing_worse(left: Left) -> None:
    topic = a_command_topic(left)
    left[topic] += left[topic][:2]

    past = judge(left)

    assert past.wrong == []
    assert past.repeats == 2


def undecided(left: Left) -> None:
    del left["journal"][-1]


def left_out(left: Left) -> None:
    del left["journal"][7]


def of_another_inbox(left: Left) -> None:
    left["inbox"][6], left["inbox"][7] = left["inbox"][7], left["inbox"][6]


def decided_otherwise(left: Left) -> None:
    """The last record says something that no decision on what was heard says."""
    last = left["journal"][-1]
    record = json.loads(last.value or b"")
    record["data"]["because"] = [{"reason": "nothing_to_do"}]
    left["journal"][-1] = last._replace(value=json.dumps(record).encode())


def time_goes_back(left: Left) -> None:
    last = left["journal"][-1]
    record = json.loads(last.value or b"")
    record["data"]["at"] = (MONDAY - timedelta(days=9999)).isoformat()
    left["journal"][-1] = last._replace(value=json.dumps(record).encode())


def enveloped_otherwise(left: Left) -> None:
    last = left["journal"][-1]
    left["journal"][-1] = last._replace(value=json.dumps({**json.loads(last.value or b""), "subject": "E-9"}).encode())


def decided_once_more(left: Left) -> None:
    """A record that follows the last one says that it decided the same once more."""
    last = left["journal"][-1].value or b""
    record = json.loads(last)
    record["data"] |= {"prev": record["data"]["offset"], "prev_hash": hash_of(last)}
    left["journal"].append(left["journal"][-1]._replace(value=json.dumps(record).encode()))


def said_to_another(left: Left) -> None:
    topic = a_command_topic(left)
    left[topic][0] = left[topic][0]._replace(key=b"E-9999")


def never_said(left: Left) -> None:
    del left[a_command_topic(left)][0]


def said_by_nobody(left: Left) -> None:
    topic = a_command_topic(left)
    command = json.loads(left[topic][0].value or b"")
    command["id"] = "c/0/99999/0"
    left[topic].append(left[topic][0]._replace(value=json.dumps(command).encode()))


def told_by_nobody(left: Left) -> None:
    tell = said("E-0001", an_example(TimeCome, "E-0001"), id_="t/0/99999/0")
    left["inbox"].append(Found("inbox", 0, len(left["inbox"]), b"E-0001", encode(tell)))


def said_in_two_ways(left: Left) -> None:
    topic = a_command_topic(left)
    command = json.loads(left[topic][0].value or b"")
    command["correlationid"] = "E-9999"
    left[topic].append(left[topic][0]._replace(value=json.dumps(command).encode()))


def letter_lost(left: Left) -> None:
    left["dead-letters"].clear()


HARM: list[Callable[[Left], None]] = [
    undecided, left_out, of_another_inbox, decided_otherwise, time_goes_back, enveloped_otherwise,
    decided_once_more, said_to_another, never_said, said_by_nobody,
    told_by_nobody, said_in_two_ways, letter_lost,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
def test_it_is_found(left: Left, harm: Callable[[Left], None]) -> None:
    harm(left)

    assert judge(left).wrong != []


def test_what_nobody_decided_is_counted(left: Left) -> None:
    del left["journal"][-3:]

    assert judge(left).lost == 3


def test_what_was_decided_twice_is_counted(left: Left) -> None:
    decided_once_more(left)

    past = judge(left)

    assert (past.doubled, past.lost) == (1, 0)
    count = len(left["inbox"])
    assert past.wrong[0] == f"0: {count} records, {count - 1} of them decided once, {count + 1} decisions"


def test_an_order_is_known_with_its_answers(left: Left) -> None:
    id_, ordered = next(iter(judge(left).ordered.items()))
    assert ordered.answers == []
    answer = said(ordered.line[:6], an_example(TimeCome, "E-0001"), id_="an answer")
    answer = answer._replace(causation=id_)
    fold = Fold(0, TERMS)
    for record in left["journal"]:
        fold.follow(record.value or b"")
    raw, key, offset = encode(answer), answer.subject.encode(), len(left["inbox"])
    left["inbox"].append(Found("inbox", 0, offset, key, raw))
    value, _ = fold.decide(raw, key=key, offset=offset, now=MONDAY)
    left["journal"].append(Found("journal", 0, offset, key, value))

    assert judge(left).ordered[id_].answers == [answer.message.type]
    assert SubjectId(answer.subject) in judge(left).states
