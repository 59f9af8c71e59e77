"""A number that no float holds is JSON all the same: it is read as infinite, and so is what is written of it."""

from __future__ import annotations

import json
import math

import pytest

from events.base import Message
from events.registry import TYPES
from workers.contracts.samples import sample


def floats(kind: type[Message]) -> list[str]:
    return [name for name, field in kind.model_fields.items() if field.annotation is float]


KINDS = [kind for kind in TYPES.values() if floats(kind)]


def test_every_type_with_such_a_number_is_looked_at() -> None:
    assert [kind for kind in TYPES.values() if '"type": "number"' in json.dumps(kind.model_json_schema())] == KINDS
    assert KINDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [math.inf, -math.inf])
def test_an_endless_number_comes_back(kind: type[Message], number: float) -> None:
    endless = sample(kind).model_copy(update=dict.fromkeys(floats(kind), number))

    assert kind.model_validate_json(endless.model_dump_json()) == endless
