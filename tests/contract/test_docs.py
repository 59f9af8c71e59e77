"""The documents say what is so: commands, settings, reasons, states and paths are those of the code."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from events.base import Dossier, LineId
from events.dispatch import ParcelStatus
from events.porting import PortFact, PortState, RequestPort
from events.registry import COMMAND_TYPES, FACT_TYPES
from orchestrator.deciding.gate import CONDITIONS
from orchestrator.knowing.porting import heard_port, requested
from orchestrator.reasons import TEXTS, Reason
from orchestrator.record import Line, Port
from tests.contract.documents import (
    README,
    ROOT,
    Shown,
    anchors,
    commands,
    documents,
    links,
    name_of,
    table,
)
from workers.cli import NOUNS, parser
from workers.cli.exits import Exit
from workers.effects.settings import EffectSettings
from workers.providers import ports
from workers.runtime.topics import TOPICS
from workers.scenario.shipped import STORIES
from workers.world.chances import Rates

DOCS = ROOT / "docs"
MAPPING = DOCS / "adr" / "0004-the-trades-states-in-neutral-words.md"
PYTHON = sorted(p for folder in ("events", "orchestrator", "workers", "tests") for p in (ROOT / folder).rglob("*.py"))
NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


def code(text: str) -> str:
    return text.strip("`")


def test_the_readme_names_every_command_once_with_an_example_of_it() -> None:
    rows = table(README, "## Commands")

    assert sorted(code(row[0]) for row in rows) == sorted(noun.name for noun in NOUNS)
    assert all(row[2].startswith(f"`naadloos {code(row[0])}") for row in rows)


def understood(shown: Shown) -> bool:
    """Whether the command line reads; a single word in a sentence names a command, and need not be whole."""
    if shown.inline and shown.words in {(noun.name,) for noun in NOUNS}:
        return True
    try:
        args = parser(shown.words).parse_args(shown.words)
    except SystemExit as ended:
        return ended.code == 0
    return callable(args.run)


def test_every_command_line_that_is_shown_is_understood() -> None:
    shown = [shown for path in documents() for shown in commands(path)]

    assert len({line.words[0] for line in shown}) >= len(NOUNS)
    assert [line for line in shown if not understood(line)] == []


def test_the_readme_names_every_exit_code() -> None:
    rows = [(int(row[0]), code(row[1])) for row in table(README, "## Exit codes")]

    assert rows == [(exit_.value, exit_.name) for exit_ in Exit]


def variable(name: str) -> str:
    alias = EffectSettings.model_fields[name].validation_alias
    return str(alias) if alias else f"NAADLOOS_{name.upper()}"


def test_the_readme_names_every_setting() -> None:
    named = [code(row[0]) for row in table(README, "## Settings")]

    assert len(named) == len(set(named))
    assert set(named) - {"NAADLOOS_ACCOUNT"} == {variable(name) for name in EffectSettings.model_fields}


def test_the_readme_tells_every_default() -> None:
    told = {code(row[0]): code(row[1]) for row in table(README, "## Settings")}

    for name, field in EffectSettings.model_fields.items():
        if field.default is not PydanticUndefined:
            assert told[variable(name)] == ("–" if field.default in {None, ""} else f"{field.default}"), name


def test_the_glossary_has_each_word_once_in_order() -> None:
    words = [row[0] for row in table(README, "## Glossary")]

    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(set(map(str.casefold, words)))


def dead_links(path: Path) -> list[str]:
    dead = []
    for link in links(path):
        target, _, anchor = link.partition("#")
        there = (path.parent / target).resolve() if target else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(link)
    return dead


def test_what_is_made_promises_no_time_that_the_network_decides_on() -> None:
    said = [line for line in (ROOT / "Makefile").read_text().splitlines() if "@echo" in line]

    assert any("up to the network" in line for line in said)
    assert [line for line in said if re.search(r"\b(seconds?|minutes?|hours?)\b", line)] == []


def test_every_link_leads_somewhere() -> None:
    assert {name_of(path): dead for path in documents() if (dead := dead_links(path))} == {}


def cited(pattern: str, paths: list[Path]) -> set[tuple[str, str]]:
    """What is named by this pattern, and the file that names it."""
    return {(name, name_of(path)) for path in paths for name in re.findall(pattern, path.read_text(encoding="utf-8"))}


def test_every_story_that_is_cited_is_shipped() -> None:
    stories = cited(r"scenarios/(S\d+[a-z]?)\.yaml", [*PYTHON, *documents()])

    assert {(name, where) for name, where in stories if not (STORIES / f"{name}.yaml").exists()} == set()


def test_every_document_that_is_cited_is_there() -> None:
    pages = cited(r"\bdocs/[a-z0-9/_-]+(?:\.\w+)?", PYTHON)

    assert {(name, where) for name, where in pages if not any(ROOT.glob(f"{name}*"))} == set()


def test_every_file_of_ours_that_a_document_names_is_there() -> None:
    files = cited(r"`((?:events|orchestrator|workers|tests|schemas|deploy)/[\w./-]*)`", documents())

    assert {(name, where) for name, where in files if not (ROOT / name).exists()} == set()


def test_every_condition_of_the_gate_is_told_in_its_own_words() -> None:
    page = DOCS / "gate.md"
    proof = table(page, "## That the new SIM works, here and now")
    told = {code(row[0]): (row[1], row[4]) for row in (*proof, *table(page, "## All the rest"))}

    assert told == {str(reason): (TEXTS[reason].sentence, TEXTS[reason].change) for reason, _ in CONDITIONS}


def test_the_gates_page_names_no_reason_that_is_none() -> None:
    rules = [row[0] for row in table(DOCS / "gate.md", "## The fifteen rules")]

    assert rules == [str(number) for number in range(1, 16)]
    assert {code(row[0]) for row in table(DOCS / "gate.md", "## All the rest")} <= set(Reason)


def test_every_rate_of_the_simulated_world_is_told_with_its_default() -> None:
    told = {code(row[0]): row[1] for row in table(DOCS / "rehearsal.md", "## Rates")}

    assert told == {name: str(field.default) for name, field in Rates.model_fields.items()}


def test_every_topic_is_told() -> None:
    told = {name for row in table(DOCS / "architecture.md", "## Topics") for name in re.findall(r"`([\w.-]+)`", row[0])}

    assert told == {topic.name for topic in TOPICS}


def test_every_state_of_the_trade_has_its_row() -> None:
    port_states = [code(row[0]) for row in table(MAPPING, "## States of a port")]
    parcel_states = [code(row[0]) for row in table(MAPPING, "## States of a parcel")]

    assert sorted(port_states) == sorted(PortState)
    assert sorted(parcel_states) == sorted(ParcelStatus)


def test_every_method_of_every_port_has_its_row() -> None:
    told, protocol = set(), ""
    for row in table(MAPPING, "## Ports"):
        protocol = code(row[0]) or protocol
        told.add((protocol, code(row[1])))
    protocols = [
        kind
        for _, kind in getmembers(ports)
        if getattr(kind, "_is_protocol", False) and kind.__module__ == ports.__name__
    ]

    assert told == {
        (kind.__name__, name) for kind in protocols for name, _ in getmembers(kind, isfunction) if name[0] != "_"
    }


ARROW = re.compile(r"^    (\w+) --> (\w+): ([\w.-]+)$", re.MULTILINE)
ARROWS = ARROW.findall((DOCS / "architecture.md").read_text(encoding="utf-8"))


def fact_of(name: str) -> PortFact:
    """A fact of this type about the dossier; fields that do not matter here have any value that fits."""
    kind: Any = FACT_TYPES[f"nl.naadloos.{name}.v1"]
    values = {
        "line": "E-0001-1",
        "dossier": "NL-E-0001-1-1",
        "key": "gm/E-0001-1/port/1",
        "code": "63",
        "iccid": "8931080000000000001",
        **dict.fromkeys(("due", "first_possible", "runs_at", "recall_until"), NOON),
    }
    fact: PortFact = kind(**{field: values[field] for field in kind.model_fields if field in values})
    return fact


@pytest.mark.parametrize(("before", "after", "name"), ARROWS, ids=" ".join)
def test_an_arrow_of_the_diagram_leads_where_the_code_goes(before: str, after: str, name: str) -> None:
    port = Port(attempt=1, dossier=Dossier("NL-E-0001-1-1"), state=PortState(before), state_at=NOON)
    line = Line(LineId("E-0001-1"), port=port)

    if f"nl.naadloos.{name}.v1" in COMMAND_TYPES:
        command = RequestPort.model_validate(
            {
                "key": "gm/E-0001-1/port/2",
                "line": "E-0001-1",
                "dossier": "NL-E-0001-1-2",
                "number": "+31612345678",
                "iccid": "8931080000000000001",
                "mandate": "m",
            }
        )
        line = requested(line, command, NOON + timedelta(hours=1))
    else:
        line = heard_port(line, fact_of(name), NOON + timedelta(hours=1))

    assert line.port.state == after


def test_the_diagram_shows_every_state_of_a_port() -> None:
    assert {state for before, after, _ in ARROWS for state in (before, after)} == set(PortState)
