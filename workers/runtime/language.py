"""Dutch or English: every text for a person stands in a catalogue, and this hands out the chosen one's.

Texts are written in English in the code and looked up at the moment of showing. The catalogues are
`workers/texts/*.po`, read as they are; nothing has to be compiled.
"""

from __future__ import annotations

import gettext
import inspect
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final = ("en", "nl")
TEXTS: Final = Path(__file__).parent.parent / "texts"


class _Chosen:
    """The language of this process, set once at its edge."""

    code: str = "en"


def language() -> str:
    """The chosen language: `en` or `nl`."""
    return _Chosen.code


def use(code: str) -> None:
    """From here on, texts come in this language; one that is not on the list gives English."""
    _Chosen.code = code if code in LANGUAGES else "en"


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Meanwhile texts come in this language: what a program reads must not change with its reader's."""
    before = _Chosen.code
    use(code)
    try:
        yield
    finally:
        use(before)


def language_from(*wishes: str | None) -> str:
    """The first of these wishes (`nl`, `nl_NL.UTF-8`, `en-GB`) that we have, or else English."""
    for wish in wishes:
        code = (wish or "")[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


def from_environment(asked: str | None) -> str:
    """What was asked for on the command line, else NAADLOOS_LANG, else the language of the terminal."""
    names = ("NAADLOOS_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    return language_from(asked, *(os.environ.get(name) for name in names))


def taken_out(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The language that `--lang` asks for, wherever it stands, and the other words."""
    asked, rest, left = None, [], list(words)
    while left:
        word = left.pop(0)
        if word == "--lang" and left:
            asked = left.pop(0)
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
        else:
            rest.append(word)
    return asked, rest


def _(text: str) -> str:
    """The text in the chosen language."""
    return _catalogue(_Chosen.code).gettext(text) if text else ""


def n_(one: str, many: str, number: int, **filled: object) -> str:
    """The text for one or for several, in the chosen language, with the number and all else in it."""
    return _catalogue(_Chosen.code).ngettext(one, many, number).format(number=number, **filled)


def marked(text: str) -> str:
    """The text as it is: it is looked up later, and stands in the catalogues from here."""
    return text


def doc_(docstring: str | None) -> str:
    """A module's docstring, which is its help, in the chosen language."""
    return _(inspect.cleandoc(docstring or ""))


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """The catalogue of a language. English is what stands in the code, as its catalogue says it better or the same."""
    compiled = io.BytesIO()
    with (TEXTS / f"{code}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
