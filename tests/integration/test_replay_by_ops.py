"""`naadloos replay`: groups set back, snapshots folded anew, the journal decided anew; none of it is done twice."""

from __future__ import annotations

import json

import pytest

from tests.integration.deciders import all_decided, decider, everything, read_back, settled, tell
from tests.workers.inbox_facts import life
from workers.cli import main
from workers.cli.exits import Exit
from workers.journal.record import decode
from workers.journal.snapshot import save
from workers.runtime.admin import admin
from workers.runtime.groups import committed
from workers.runtime.settings import Settings, as_environment

pytestmark = pytest.mark.integration


@pytest.fixture
def lived(programme: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """One line's life is decided and said, and commands read the same settings; no effect worker ever ran."""
    for name, value in {**as_environment(programme), "NAADLOOS_LANG": "en"}.items():
        monkeypatch.setenv(name, value)
    with decider(programme):
        tell(programme, life())
        assert settled(programme).wrong == []
    return programme


def far(settings: Settings, group: str) -> int:
    with admin(settings, undone="not asked") as client:
        return sum(each.offset for each in committed(client, settings, group))


def test_every_group_is_shown_also_one_that_took_nothing_and_without_go_none_moves(
    lived: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = far(lived, "deciders")

    assert main(["replay", "offsets"]) == Exit.DONE
    groups = {words[0]: words for line in capsys.readouterr().out.splitlines() if (words := line.split())}
    assert main(["replay", "offsets", "--back", "deciders"]) == Exit.DONE
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]

    moves = [tuple(map(int, row)) for row in rows if len(row) == 4 and all(word.isdigit() for word in row)]
    assert set(groups) >= {"deciders", "porting", "dispatch", "cutover", "messages"}
    assert int(groups["dispatch"][3]) == len(everything(lived, "commands.dispatch")) > 0
    assert sum(again for _partition, _from, _to, again in moves) == before > 0
    assert far(lived, "deciders") == before


def test_deciders_that_have_ended_are_set_back_and_say_the_same_commands_again_and_decide_nothing_anew(
    lived: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    set_back = ["replay", "offsets", "--back", "deciders", "--why", "said once more", "--as", "ops-1", "--go"]
    decided, said = decisions(lived), commands(lived)

    with decider(lived):
        all_decided(lived)
        assert main(set_back) == Exit.REFUSED
    assert "naadloos down" in capsys.readouterr().err
    assert main(set_back) == Exit.DONE
    assert far(lived, "deciders") == 0
    with decider(lived):
        all_decided(lived)
        past = settled(lived)

    begun_and_ended = 2
    assert past.wrong == []
    assert decisions(lived) == decided + begun_and_ended
    assert set(commands(lived)) == set(said)
    assert len(commands(lived)) > len(said)


def test_snapshots_that_say_otherwise_are_named_and_replaced_and_nothing_goes_out(
    lived: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    folds = {fold.partition: fold for fold in read_back(lived)}
    for fold in folds.values():
        save(fold, lived.snapshots_dir)
    assert main(["replay", "rebuild"]) == Exit.DONE
    forged = next(fold for fold in folds.values() if fold.states)
    whose, said = min(forged.states), commands(lived)
    del forged.states[whose]
    save(forged, lived.snapshots_dir)

    assert main(["replay", "rebuild"]) == Exit.FAILED
    assert f"differs: {whose}" in capsys.readouterr().out
    assert main(["replay", "rebuild", "--go", "--as", "ops-1"]) == Exit.BAD_INPUT
    assert "Give one:  --why REASON" in capsys.readouterr().err
    assert main(["replay", "rebuild"]) == Exit.FAILED
    assert main(["replay", "rebuild", "--go", "--as", "ops-1", "--why", "it was forged"]) == Exit.DONE

    capsys.readouterr()
    assert main(["replay", "rebuild"]) == Exit.DONE
    assert "Nothing would change" in capsys.readouterr().out
    assert commands(lived) == said


def test_the_whole_journal_decided_anew_by_the_same_code_differs_in_nothing(
    lived: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    said = commands(lived)

    assert main(["replay", "what-if", "--whole"]) == Exit.DONE

    told = capsys.readouterr().out
    assert "No difference: today's code decides every one of them as it was decided" in told
    assert "No difference: nobody would be decided on otherwise." in told
    assert commands(lived) == said


def decisions(settings: Settings) -> int:
    """How many messages were decided on that were no duplicates."""
    return sum(not decode(message.value() or b"").duplicate for message in everything(settings, "journal"))


def commands(settings: Settings) -> list[str]:
    """The ids of all commands that stand on Kafka."""
    return [
        json.loads(message.value() or b"{}")["id"]
        for kind in ("porting", "dispatch", "cutover", "messages")
        for message in everything(settings, f"commands.{kind}")  # type: ignore[arg-type]
    ]
