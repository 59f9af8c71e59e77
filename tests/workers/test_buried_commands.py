"""Commands that no worker could read: a redrive has them carried out only while their line waits for just them."""

from __future__ import annotations

import pytest

from events.base import Barcode
from events.codec import UnreadReason, encode
from events.control import LetterOpened
from events.dispatch import ParcelAnnounced, ShipKit
from events.envelope import Said
from tests.workers.struck_town import Raw, struck_town, what_if
from tests.workers.told import ANN, line_of
from workers.replay.redo import SUPERSEDED, Redo
from workers.runtime.letters import Found, letter_of

LETTER = letter_of("commands.dispatch", 0, 31)


def _ordered(told: Raw) -> ShipKit:
    commands = (command for entry in told.entries for command in entry.decision.commands)
    return next(one for one in commands if isinstance(one, ShipKit) and one.line == line_of(ANN))


def _buried(told: Raw, command: ShipKit) -> Redo:
    """What a redrive would do about Ann once a letter says that nobody could read this command."""
    said = Said("c/0/1/0", "/naadloos/decider", ANN, told.at, told.at, command)
    told.records[LETTER] = Found("commands.dispatch", 0, 31, ANN.encode(), encode(said))
    told.say(ANN, LetterOpened(letter=LETTER, reason=UnreadReason.UNKNOWN_TYPE, detail="an older worker"))
    (redo,) = what_if(told, ANN).redos
    return redo


def test_one_that_the_line_waits_for_is_shown_as_an_effect_that_would_fire() -> None:
    told = struck_town()
    command = _ordered(told)

    redo = _buried(told, command)

    assert LETTER in redo.mended
    assert command.key in {effect.key for effect in redo.effects}


@pytest.mark.parametrize("key", ["gm/E-0001-1/ship/2", "gm/E-0001-1/ship/0"])
def test_one_that_is_not_the_open_one_of_its_line_is_never_carried_out(key: str) -> None:
    told = struck_town()

    redo = _buried(told, _ordered(told).model_copy(update={"key": key}))

    assert redo.failing[LETTER] == SUPERSEDED
    assert key not in {effect.key for effect in redo.effects}


def test_nor_is_one_that_was_answered_meanwhile() -> None:
    told = struck_town()
    command = _ordered(told)
    told.say(ANN, ParcelAnnounced(key=command.key, line=command.line, barcode=Barcode("3SABCD")))

    assert _buried(told, command).failing[LETTER] == SUPERSEDED
