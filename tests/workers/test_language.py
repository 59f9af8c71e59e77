from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from events import registry
from events.base import Account
from events.control import Held, Party, Waivable
from events.dispatch import ParcelStatus
from events.enrolment import Critical, Execution, Handset, LineKind
from events.messages import Role, Template
from events.outcomes import EndReason, IncidentKind, Owner, TaskKind
from events.porting import PortState
from orchestrator.reasons import TEXTS as REASONS
from workers.runtime.language import LANGUAGES, TEXTS, _, from_environment, language_from, n_, taken_out, use
from workers.views import heard, words

WORKERS = Path(words.__file__).parent.parent
Id = str | tuple[str, ...]
WORDED: tuple[type[StrEnum], ...] = (
    LineKind, Critical, Handset, Execution, Role, TaskKind, IncidentKind, Owner, EndReason, PortState, ParcelStatus,
    Waivable, Template, Party,
)  # fmt: skip


def _texts_of(module: Path) -> Iterator[Id]:
    """Every text that a module looks up or marks, and its docstring where that is its help."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        given = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        if call.func.id in {"_", "marked"}:
            yield from (str(text) for text in given)
        elif call.func.id == "n_":
            yield (str(given[0]), str(given[1]))
        elif call.func.id == "doc_":
            yield inspect.cleandoc(ast.get_docstring(tree, clean=False) or "")


def _used() -> set[Id]:
    modules = WORKERS.rglob("*.py")
    used = {text for module in modules for text in _texts_of(module)}
    return used | {str(part) for reason in REASONS.values() for part in reason}


def _catalogue(code: str) -> Catalog:
    with (TEXTS / f"{code}.po").open("rb") as source:
        return read_po(source, locale=code)


def _entries(code: str) -> dict[Id, Message]:
    return {_id(entry.id): entry for entry in _catalogue(code) if entry.id}


def _id(found: str | list[str] | tuple[str, ...]) -> Id:
    return found if isinstance(found, str) else tuple(found)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_stands_in_the_catalogue(code: str) -> None:
    assert _used() - _entries(code).keys() == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_of_the_catalogue_is_stale(code: str) -> None:
    assert _entries(code).keys() - _used() == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_is_translated_and_certain(code: str) -> None:
    entries = _entries(code).values()

    assert [entry.id for entry in entries if entry.fuzzy] == []
    assert [entry.id for entry in entries if not all(_said(entry))] == []


def _said(entry: Message) -> tuple[str, ...]:
    said = entry.string or ""
    return (said,) if isinstance(said, str) else tuple(str(form) for form in said)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_fills_in_the_same_fields(code: str) -> None:
    differing = [key for key, entry in _entries(code).items() if _fields(_last(key)) != _fields(_said(entry)[-1])]

    assert differing == []


def _last(text: Id) -> str:
    return text if isinstance(text, str) else text[-1]


def _fields(text: str) -> set[str]:
    """The fields of ours, in braces, and those of argparse."""
    ours = {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}
    return ours | set(re.findall(r"%(?:\(\w+\))?[sr]", text))


def test_dutch_differs_from_english_but_for_names_and_codes() -> None:
    same = {text for text, entry in _entries("nl").items() if text == entry.string}

    assert {text for text in same if len(str(text).split()) > 3} <= {"  {line}   naadloos explain {subject}"}


def test_every_value_of_the_trade_has_a_word() -> None:
    worded = {(type(value), str(value)) for value, _text in words.WORDS}

    assert {(kind, str(value)) for kind in WORDED for value in kind} == worded


def test_every_message_has_a_sentence() -> None:
    assert {kind.__name__ for kind in set(registry.TYPES.values()) - heard.TEXTS.keys()} == {"PersonKnown"}


def test_the_command_line_decides_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAADLOOS_LANG", "nl")

    assert (from_environment(None), from_environment("en")) == ("nl", "en")


@pytest.mark.parametrize(("wish", "code"), [("nl_NL.UTF-8", "nl"), ("en-GB", "en"), ("C.UTF-8", "en"), ("de_DE", "en")])
def test_the_terminals_language_is_taken_where_we_have_it(wish: str, code: str) -> None:
    assert language_from(None, wish) == code


@pytest.mark.parametrize("words_", [["--lang", "nl", "status"], ["status", "--lang=nl"]])
def test_the_language_may_stand_anywhere(words_: list[str]) -> None:
    assert taken_out(words_) == ("nl", ["status"])


def test_a_number_chooses_between_one_and_several() -> None:
    use("nl")
    try:
        assert (n_("{number} day", "{number} days", 1), n_("{number} day", "{number} days", 3)) == ("1 dag", "3 dagen")
        assert _("the wave") == "de golf"
    finally:
        use("en")


def test_what_people_wrote_or_are_called_is_not_translated() -> None:
    use("nl")
    try:
        assert "other" in heard.told(Held(why="nobody", by=Account("other")))
        assert "nobody" in heard.told(Held(why="nobody", by=Account("other")))
    finally:
        use("en")
