"""What a backup tells at its end: the heads for people, and which line prints them for an audit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workers.inbox_facts import MONDAY, PROGRAMME
from tests.workers.kept_programme import keep, programme, records
from workers.audit.anchor import read_anchor
from workers.audit.proof import proof
from workers.cli import backup, main
from workers.cli.exits import Exit
from workers.keeping.backup import Backup
from workers.keeping.opening import opened


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup, into which another puts nothing new."""
    path = tmp_path / "my town.backup"
    keep(path, programme(records()))
    with opened(path) as kept:
        found = Backup(proof(kept), added=0, records={"journal": len(records())}, size=1, at=MONDAY)
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("NAADLOOS_PROGRAMME", PROGRAMME)
    monkeypatch.setattr(backup, "ensure_broker", lambda *_asked, **_more: None)
    monkeypatch.setattr(backup, "backup", lambda *_asked, **_more: found)
    return path


def test_under_the_heads_stands_what_prints_them_as_an_audit_reads_them(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "backup", str(file), "--go"]) == Exit.DONE

    assert capsys.readouterr().out.splitlines()[-1] == (
        f"`naadloos audit --anchor` reads them from what this prints:  naadloos backup '{file}' --go --json"
    )


def test_what_that_line_prints_is_an_anchor(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(file), "--go", "--json"]) == Exit.DONE

    printed = capsys.readouterr().out
    (tmp_path / "anchor.json").write_text(printed)
    anchor = read_anchor(tmp_path / "anchor.json", programme=PROGRAMME, backup=None)
    assert [head.hash for head in anchor.heads] == [head["hash"] for head in json.loads(printed)["anchor"]["heads"]]
