"""What was meant, where a word is none of those that could stand there, or an id is nobody's."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from workers.runtime.language import _

MOST: Final = 3
"""So many guesses are worth reading."""


def nearest(word: object, words: Iterable[str]) -> str:
    """What is expected in this place: the words that look like it, or all of them where there are few."""
    known = sorted(words)
    near = get_close_matches(str(word), known, n=MOST, cutoff=0.5)
    if near:
        return _("did you mean {words}?").format(words=_(" or ").join(near))
    return _("one of: {words}").format(words=", ".join(known))


def meant(typed: str, ids: Iterable[str]) -> list[str]:
    """The ids that a mistyped one may stand for: of the same figures, a line of the same person, or much alike.

    Ids are alike by nature, E-0012 and E-0013: one that differs by a figure is somebody else's, and no guess.
    """
    known = sorted(set(ids))
    return (_of_the_same_figures(typed, known) or _lines_of(typed, known) or _alike(typed, known))[:MOST]


def _of_the_same_figures(typed: str, known: list[str]) -> list[str]:
    """E-001, E1 and 0001 are E-0001."""
    figures, letter = _figures(typed), typed[:1].casefold() if typed[:1].isalpha() else ""
    return [id_ for id_ in known if figures and id_.casefold().startswith(letter) and _figures(id_) == figures]


def _figures(text: str) -> list[int]:
    return [int(figures) for figures in re.findall(r"[0-9]{1,9}", text)]


def _lines_of(typed: str, known: list[str]) -> list[str]:
    """E-0001-9 is one of E-0001's lines."""
    owner = typed[:1].upper() + typed[1:].rpartition("-")[0]
    return [id_ for id_ in known if owner in known and id_.rpartition("-")[0] == owner]


def _alike(typed: str, known: list[str]) -> list[str]:
    by_name = {id_.casefold(): id_ for id_ in known if not _figures(id_)}
    return [by_name[name] for name in get_close_matches(typed.casefold(), by_name, n=MOST, cutoff=0.8)]
