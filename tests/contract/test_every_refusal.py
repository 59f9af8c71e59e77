"""Every refusal tells what, who, why, what was not done, and what to type next; `pytest -s` prints them all."""

from __future__ import annotations

import re
import sys
from typing import Final

import pytest

from events.codec import UnreadReason
from orchestrator.reasons import TEXTS as REASONS
from orchestrator.reasons import Reason
from tests.contract.refusals import Refusal, refusals
from workers.views.letters import HELD_BACK, meaning

INSIDE: Final = {
    "UnableToReadJournalError",
    "UnableToReadMomentError",
    "UnableToSpeakToWorldError",
}
"""Told by one part of the program to another, which says it to the person in words of its own."""
IN_A_PLACE: Final = {"UnableToTakeError", "UnableToReadStoryError"}
"""About one cell or one line: what was not done, and what to type next, is said once for the whole file."""
NEXT: Final = re.compile(
    r"[:?]  +\S|give the (same )?command again|give the same command "  # a line to type
    r"|There are: \{"  # the words that could have been typed
    r"|(^|[.:] |\n)(Give|Choose) "  # a value to give instead
)
UNDONE: Final = re.compile(r"\b[Nn]othing\b|\b[Nn]ot\b|\b[Nn]obody\b|\{undone\}|could not|deleted|stopped|Start no")
WHOLE: Final = [one for one in refusals() if one.error not in INSIDE | IN_A_PLACE]
IN_PLACES: Final = [one for one in refusals() if one.error in IN_A_PLACE]


def named(refusal: Refusal) -> str:
    return f"{refusal.module}:{refusal.line}"


def show(*lines: str) -> None:
    sys.stdout.write("\n    ".join(lines) + "\n")


@pytest.mark.parametrize("refusal", WHOLE, ids=named)
def test_a_refusal_says_what_was_not_done_and_what_to_type_next(refusal: Refusal) -> None:
    show(str(refusal))

    assert UNDONE.search(refusal.text), "it does not say what was not done"
    assert NEXT.search(refusal.text), "it does not say what to type next"
    assert len(re.findall(r"[.:?](\s|$)", refusal.text)) > 1, "it says what happened or why, not both"


@pytest.mark.parametrize("refusal", IN_PLACES, ids=named)
def test_a_fault_in_a_place_says_what_is_wrong_there_and_what_it_should_be(refusal: Refusal) -> None:
    show(str(refusal))

    assert refusal.parts


@pytest.mark.parametrize("reason", UnreadReason)
def test_a_dead_letter_says_what_is_wrong_what_is_held_back_and_what_mends_it(reason: UnreadReason) -> None:
    told = meaning(reason)
    show(reason, told.what, HELD_BACK, told.mend)

    assert told.what
    assert re.search(r"redrive|dismiss", told.mend)


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_says_what_is_awaited_of_whom_and_what_would_change_it(reason: Reason) -> None:
    told = REASONS[reason]
    show(reason, *told)

    assert all(told)
