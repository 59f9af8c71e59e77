"""The registry knows every message that the modules of `events` define, each under one name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest

import events
from events.base import PREFIX, Command, Fact, Message
from events.registry import COMMAND_TYPES, FACT_TYPES, OUTCOME_TYPES, PEOPLE_TYPES, TYPES, WORKER_OF, WORKERS

SHAPE = re.compile(rf"^{re.escape(PREFIX)}\.([a-z]+)\.[a-z][a-z-]*\.v[1-9][0-9]*$")


def below(kind: type[Message]) -> Iterator[type[Message]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith("events."):
            yield child
            yield from below(child)


def every(kind: type[Message]) -> set[type[Message]]:
    for module in iter_modules(events.__path__, "events."):
        import_module(module.name)
    return set(below(kind))


def said(kind: type[Message]) -> set[type[Message]]:
    return {child for child in every(kind) if "type" in child.model_fields}


def test_no_fact_is_forgotten() -> None:
    assert said(Fact) == {*FACT_TYPES.values(), *OUTCOME_TYPES.values(), *PEOPLE_TYPES.values()}


def test_no_command_is_forgotten() -> None:
    assert said(Command) == set(COMMAND_TYPES.values())


def test_a_message_without_a_type_is_there_for_others_to_build_on() -> None:
    untyped = (every(Fact) | every(Command)) - said(Fact) - said(Command)

    assert [kind.__name__ for kind in untyped if not kind.__subclasses__()] == []


def test_every_type_is_unique() -> None:
    everything = [kind.model_fields["type"].default for kind in said(Fact) | said(Command)]

    assert len(everything) == len(set(everything)) == len(TYPES)
    assert set(everything) == TYPES.keys()


def test_every_command_has_exactly_one_worker() -> None:
    assert set(WORKER_OF) == said(Command)
    assert sum(len(kinds) for kinds in WORKERS.values()) == len(COMMAND_TYPES)


@pytest.mark.parametrize("type_name", TYPES)
def test_the_middle_of_a_type_is_its_module(type_name: str) -> None:
    shape = SHAPE.match(type_name)

    assert shape is not None
    assert TYPES[type_name].__module__ == f"events.{shape[1]}"


@pytest.mark.parametrize("type_name", TYPES)
def test_a_message_says_its_own_type_and_what_becomes_true(type_name: str) -> None:
    kind = TYPES[type_name]

    assert kind.model_fields["type"].default == type_name
    assert kind.__doc__
    assert kind.__doc__ != kind.__base__.__doc__


@pytest.mark.parametrize("type_name", TYPES)
def test_a_message_is_frozen_and_says_nothing_beyond_its_fields(type_name: str) -> None:
    assert TYPES[type_name].model_config.get("frozen") is True
    assert TYPES[type_name].model_config.get("extra") == "forbid"
