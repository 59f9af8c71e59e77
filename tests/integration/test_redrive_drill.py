"""The drill of deploy/runbooks/dead-letters.md: a bug makes dead letters of forty hand-overs; a redrive mends them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from events.base import Account, SubjectId
from events.control import ActBegun, ActEnded, TimeCome
from events.dispatch import HandedOver
from events.envelope import Said
from events.registry import AnyFact
from orchestrator.record import Holder
from tests.integration.deciders import all_decided, decider, everything, read_back, tell
from tests.workers.inbox_facts import MONDAY, town
from workers.cli import main
from workers.cli.exits import Exit
from workers.journal.fold import Fold
from workers.journal.letters import still_open, together
from workers.journal.record import decode
from workers.replay.sandbox import SOURCE
from workers.runtime.clock import SteppedClock
from workers.runtime.settings import Settings, as_environment

pytestmark = pytest.mark.integration
FLAWED = str(Path(__file__).with_name("flawed_decider.py"))
FORTY = 40


@pytest.fixture
def letters(programme: Settings, monkeypatch: pytest.MonkeyPatch) -> list[SubjectId]:
    """Forty people whose hand-overs were decided on by a decider with a bug; the mended code runs now."""
    for name, value in as_environment(programme).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NAADLOOS_ACCOUNT", "ops-1")
    monkeypatch.setenv("NAADLOOS_LANG", "en")
    settle(programme)
    facts = [handed(holder) for holder in with_kits(read_back(programme))[:FORTY]]
    tell(programme, facts)
    with decider(programme, FLAWED):
        all_decided(programme)
    return sorted(fact.subject for fact in facts)


def settle(settings: Settings) -> None:
    """A small town is imported and planned, its waves run, and kits are granted."""
    facts = town(90)
    rounds: defaultdict[datetime, list[Said[AnyFact]]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.message, TimeCome):
            rounds[fact.time].append(fact)
    assert settings.clock_file is not None
    clock = SteppedClock(settings.clock_file)
    with decider(settings):
        tell(settings, [fact for fact in facts if not isinstance(fact.message, TimeCome)])
        for at, come in rounds.items():
            all_decided(settings)
            clock.set(at)
            tell(settings, come)
        all_decided(settings)


def with_kits(folds: list[Fold]) -> list[Holder]:
    """Those to whom a kit was granted."""
    holders = [state for fold in folds for state in fold.states.values() if isinstance(state, Holder)]
    return [holder for holder in holders if any(line.kit.kit for line in holder.lines.values())]


def handed(holder: Holder) -> Said[HandedOver]:
    line = next(line for line in holder.lines.values() if line.kit.kit)
    assert line.kit.kit is not None
    fact = HandedOver(line=line.id, iccid=line.kit.kit.iccid, imei=line.kit.kit.imei, by=Account("desk"))
    return Said(f"handed/{holder.id}", "/desk", holder.id, MONDAY, MONDAY, fact, actor="desk")


def test_forty_dead_letters_are_seen_approved_and_mended_and_nothing_else_changes(
    programme: Settings, letters: list[SubjectId], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "what-if.json"
    before = others(programme, letters)
    with decider(programme):
        assert main(["dead-letters", "list"]) == Exit.DONE
        assert re.search(r"40 dead letters are open", capsys.readouterr().out)
        assert main(["replay", "what-if", "--save", str(file)]) == Exit.DONE
        shown = json.loads(file.read_text())["redos"]
        capsys.readouterr()
        words = ["replay", "redrive", str(file), "--why", "mended", "--rate", "6000", "--pause", "0"]
        assert main([*words, "--go", "--yes", "40"]) == Exit.DONE
        told = capsys.readouterr().out
        all_decided(programme)

    assert [one["subject"] for one in shown] == letters
    assert "40 selected = 40 mended + 0 still failing + 0 skipped + 0 not begun" in told
    assert list(still_open(together(fold.letters for fold in read_back(programme)))) == []
    assert others(programme, letters) == before
    fired = fired_by_redrive(programme)
    assert fired == Counter(effect["key"] for one in shown for effect in one["effects"])
    assert {key.split("/")[2] for key in fired} >= {"activate"}
    assert [(type(fact), getattr(fact, "done", 40)) for fact in acts(programme)] == [(ActBegun, 40), (ActEnded, 40)]


@pytest.mark.usefixtures("letters")
def test_a_redrive_given_twice_does_nothing_twice(
    programme: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "what-if.json"
    words = ["replay", "redrive", str(file), "--why", "mended", "--rate", "6000", "--pause", "0", "--go", "--yes", "40"]
    with decider(programme):
        main(["replay", "what-if", "--save", str(file)])
        assert main(words) == Exit.DONE
        fired = fired_by_redrive(programme)
        assert main(words) == Exit.DONE
        all_decided(programme)

    assert "40 mended" in capsys.readouterr().out
    assert fired_by_redrive(programme) == fired


def others(settings: Settings, letters: list[SubjectId]) -> dict[SubjectId, object]:
    """What is known of everybody else, the programme's own acts aside."""
    states = {name: state for fold in read_back(settings) for name, state in fold.states.items()}
    return {name: state for name, state in states.items() if name not in letters and not name.startswith("P-")}


def fired_by_redrive(settings: Settings) -> Counter[str]:
    """The keys of what was ordered because of a redrive."""
    entries = [decode(message.value() or b"") for message in everything(settings, "journal")]
    ours = [entry for entry in entries if entry.heard is not None and entry.heard.source == SOURCE]
    return Counter(str(command.key) for entry in ours for command in entry.decision.commands)


def acts(settings: Settings) -> list[ActBegun | ActEnded]:
    entries = [decode(message.value() or b"") for message in everything(settings, "journal")]
    facts = [entry.heard.message for entry in entries if entry.heard is not None]
    return [fact for fact in facts if isinstance(fact, ActBegun | ActEnded)]
