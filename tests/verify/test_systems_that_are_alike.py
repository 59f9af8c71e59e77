"""Systems that are gone through for another as well: nothing explored looks at what they differ in (ADR 0020)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.enrolment import Handset, LineKind
from workers.verify.canonical import Canon, Part
from workers.verify.models import ALIKE, MODELS
from workers.verify.searching import Explorer
from workers.verify.visited import Known

ROOT = Path(__file__).parents[2]
EXPLORED = ("orchestrator", "workers/world", "workers/effects", "workers/verify")
"""What the check runs."""
NAMED_ALONE = ("workers/verify/models.py",)
"""Where the systems are laid out."""
MADE_OF_ITS_ID = re.compile(r"3SNL\w+|893144000009\d+|\+3168\d+")
"""Bar codes, the SIMs that are in a box by mistake, and temporary numbers."""
OTHER_WORDS: dict[object, object] = {Handset.ESIM: Handset.KEPT, LineKind.SHARED: LineKind.VOICE}


class InOtherWords(Canon):
    """Fingerprints in which a system's own words stand for those of the one that it is like."""

    def _text(self, value: str) -> Part:
        told = MADE_OF_ITS_ID.sub("made of its id", value.replace("S-0001", "E-0001"))
        return self._texts.setdefault(value, super()._text(told))

    def _structure(self, value: object, kind: type, here: int) -> Part:
        return super()._structure(OTHER_WORDS.get(value, value) if kind in {Handset, LineKind} else value, kind, here)


class Recording(Known):
    """What was come upon."""

    def all(self) -> frozenset[int]:
        return frozenset(self._seen)


def situations(system: str) -> frozenset[int]:
    seen = Recording()
    Explorer(MODELS[system], seen, canon=InOtherWords()).search(1)
    return seen.all()


@pytest.mark.parametrize(("one", "other"), ALIKE.items())
def test_both_come_upon_the_same_situations(one: str, other: str) -> None:
    mine, others = situations(one), situations(other)

    assert len(mine) > 1000
    assert mine == others


def lines_that_name(kind: str) -> Iterator[str]:
    """The lines of what is explored in which a value of this enumeration is named."""
    for folder in EXPLORED:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.relative_to(ROOT).as_posix() not in NAMED_ALONE:
                yield from (line for line in path.read_text().splitlines() if f"{kind}." in line)


def test_of_a_handset_it_is_asked_only_whether_it_is_a_new_one() -> None:
    named = {name for line in lines_that_name("Handset") for name in re.findall(r"\bHandset\.(\w+)", line)}

    assert named == {"NEW"}


def test_a_shared_line_is_named_only_beside_an_ordinary_one_or_for_its_subject() -> None:
    alone = [line.strip() for line in lines_that_name("LineKind") if "SHARED" in line and "VOICE" not in line]

    assert alone == ['holder = "S" if kind is LineKind.SHARED else "E"']
