"""Reports of chaos: they add up, none is counted twice, and a broken promise is told by the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from events.outcomes import Owner
from workers.chaos.report import ChaosEffects, ChaosReport, Struck, summed
from workers.cli import main
from workers.cli.exits import Exit

NO_GAPS = dict.fromkeys(Owner, 0.0)


def struck(seed: int, **changes: object) -> Struck:
    fields: dict[str, object] = {
        "seed": seed,
        "employees": 10,
        "lines": 12,
        "records": 500,
        "lost": 0,
        "doubled": 0,
        "ignored": 2,
        "duplicates": 3,
        "effects": ChaosEffects(done=200, maybe_twice=1),
        "gap_minutes": NO_GAPS,
        "strikes": {"kill": 4, "stop": 1, "broker-kill": 1},
        "killed": {"decider-1": 3, "world": 1},
        "cuts": 2,
        "answers_lost": 1,
        "said_again": 5,
        "left_in_peace": 1,
        "seconds": 60.0,
    }
    return Struck.model_validate({**fields, **changes})


def report(*parts: Struck, seed: int = 1) -> ChaosReport:
    return summed(parts, seeds=[seed], codes=["c0de"])


def written(folder: Path, name: str, one: ChaosReport) -> str:
    (folder / name).write_text(one.model_dump_json(), encoding="utf-8")
    return str(folder / name)


def test_reports_add_up(tmp_path: Path) -> None:
    one = written(tmp_path, "one.json", report(struck(1000), struck(1001)))
    other = written(tmp_path, "other.json", report(struck(2000, compared=True), seed=2))
    sum_ = tmp_path / "sum.json"

    assert main(["chaos", "--merge", one, other, "--report", str(sum_)]) == Exit.DONE

    total = json.loads(sum_.read_bytes())
    assert {name: total[name] for name in ("kills", "stops", "cuts", "broker_kills", "records", "lost", "doubled")} == {
        "kills": 12, "stops": 3, "cuts": 6, "broker_kills": 3, "records": 1500, "lost": 0, "doubled": 0,
    }  # fmt: skip
    assert total["effects"] == {"done": 600, "repeated": 0, "maybe_twice": 3, "missing": 0}
    assert total["gap_minutes"] == {"ours": 0, "unforeseeable": 0, "others": 0}
    assert total["killed"] == {"decider-1": 9, "world": 3}
    assert (total["seeds"], total["rehearsals"], total["minutes"], total["compared"]) == ([1, 2], 3, 3.0, 1)


def test_no_rehearsal_is_counted_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = written(tmp_path, "one.json", report(struck(1000)))

    assert (
        main(["--lang", "en", "chaos", "--merge", one, one, "--report", str(tmp_path / "sum.json")]) == Exit.BAD_INPUT
    )

    assert "seed 1000" in capsys.readouterr().err
    assert not (tmp_path / "sum.json").exists()


def test_what_is_no_report_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "odd.json").write_text('{"seeds": []}', encoding="utf-8")

    for name in ("odd.json", "not-there.json"):
        assert main(["--lang", "en", "chaos", "--merge", str(tmp_path / name)]) == Exit.BAD_INPUT
        assert name in capsys.readouterr().err


BROKEN: list[dict[str, object]] = [
    {"lost": 1},
    {"doubled": 1},
    {"effects": ChaosEffects(done=9, repeated=1)},
    {"effects": ChaosEffects(done=9, missing=1)},
    {"gap_minutes": {**NO_GAPS, Owner.OURS: 0.5}},
    {"wrong": ("3/14 was not decided as one fold alone decides it",)},
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: next(iter(broken)))
def test_a_broken_promise_anywhere_is_one_in_the_sum(tmp_path: Path, broken: dict[str, object]) -> None:
    files = [
        written(tmp_path, "one.json", report(struck(1000))),
        written(tmp_path, "b.json", report(struck(2, **broken))),
    ]

    assert main(["chaos", "--merge", *files]) == Exit.FAILED
    assert main(["chaos", "--merge", files[0]]) == Exit.DONE


def test_a_rehearsal_that_did_not_end_is_a_broken_promise_and_so_is_a_run_of_none() -> None:
    assert not summed([struck(1)], seeds=[1], codes=[], broken=["1000: it stands still"]).kept
    assert not report().kept
    gaps = {**NO_GAPS, Owner.OTHERS: 4.0, Owner.UNFORESEEABLE: 2.0}
    assert report(struck(1, gap_minutes=gaps)).kept
