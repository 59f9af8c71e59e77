"""An example is invented for any field the code may have, and asked for where none is known."""

from __future__ import annotations

from typing import NewType

import pytest

from events.base import Iccid, Message, Msisdn
from workers.contracts.samples import UnableToInventError, sample

Unheard = NewType("Unheard", str)


class Nested(Message):
    iccid: Iccid


class Whole(Message):
    part: Nested
    parts: tuple[Nested, ...]
    net: Msisdn | None = None
    asked: bool = False
    unknown_words: str


class WithUnheardId(Message):
    field: Unheard


class WithUnheardType(Message):
    field: bytes


def test_fills_what_is_optional_and_what_is_nested() -> None:
    whole = sample(Whole)

    assert isinstance(whole, Whole)
    assert whole.parts == (whole.part,)
    assert whole.net is not None
    assert whole.unknown_words


@pytest.mark.parametrize(("kind", "named"), [(WithUnheardId, "Unheard"), (WithUnheardType, "bytes")])
def test_says_which_value_it_does_not_know(kind: type[Message], named: str) -> None:
    with pytest.raises(UnableToInventError, match=rf"{named}(.|\n)*samples\.py"):
        sample(kind)
