"""Reports of chaos: they add up, none is counted twice, and a broken promise is told by the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.outcomes import Owner
from workers.chaos import run as run_module
from workers.chaos.ground import Ground
from workers.chaos.proxy import Proxy
from workers.chaos.report import ChaosEffects, ChaosReport, Struck, summed
from workers.chaos.run import Chaos, ChaosWishes
from workers.cli import main
from workers.cli.chaos_page import MOST, print_report
from workers.cli.exits import Exit
from workers.runtime.language import speaking
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

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
    ill = dict[str, object](
        lost=11, doubled=12, cuts=9, answers_lost=10, left_in_peace=6, owed=("cut",), wrong=("odd",),
        effects=ChaosEffects(done=200, repeated=13, maybe_twice=1, missing=14),
        strikes={"kill": 4, "stop": 2, "broker-kill": 3, "broker-stop": 1},
        gap_minutes={Owner.OURS: 0.5, Owner.UNFORESEEABLE: 1.5, Owner.OTHERS: 2.5},
    )  # fmt: skip
    one = written(tmp_path, "one.json", report(struck(1000, **ill), struck(1001, **ill)))
    last = struck(2000, **{**ill, "compared": True})
    broken = summed([last], seeds=[2], codes=["c0de", "c0de2"], broken=["2001: it stands still"])
    sum_ = tmp_path / "sum.json"

    assert main(["chaos", "--merge", one, written(tmp_path, "b.json", broken), "--report", str(sum_)]) == Exit.FAILED

    total = ChaosReport.model_validate_json(sum_.read_bytes())
    assert total.model_dump(exclude={"parts"}) == {
        "seeds": (1, 2), "minutes": 3.0, "rehearsals": 3, "employees": 30, "kills": 12, "stops": 6, "cuts": 27,
        "broker_kills": 9, "broker_stops": 3, "answers_lost": 30,
        "strikes": {"broker-kill": 9, "broker-stop": 3, "kill": 12, "stop": 6},
        "killed": {"decider-1": 9, "world": 3}, "records": 1500, "lost": 33, "doubled": 36, "ignored": 6,
        "duplicates": 9, "said_again": 15, "left_in_peace": 18,
        "owed": ("1000: cut", "1001: cut", "2000: cut"),
        "effects": {"done": 600, "repeated": 39, "maybe_twice": 3, "missing": 42},
        "gap_minutes": {Owner.OURS: 1.5, Owner.UNFORESEEABLE: 4.5, Owner.OTHERS: 7.5}, "compared": 1,
        "broken": ("2001: it stands still",), "wrong": ("1000: odd", "1001: odd", "2000: odd"),
        "codes": ("c0de", "c0de2"),
    }  # fmt: skip
    assert [part.seed for part in total.parts] == [1000, 1001, 2000]


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
    assert not report(struck(1), struck(2, strikes={}, killed={})).kept, "one was not struck at all"
    gaps = {**NO_GAPS, Owner.OTHERS: 4.0, Owner.UNFORESEEABLE: 2.0}
    assert report(struck(1, gap_minutes=gaps)).kept


class Scripted(Chaos):
    """A run whose rehearsals come out as it is told."""

    comes: Iterator[Struck | BaseException]

    def _rehearse(self, _there: Ground, seed: int, _until: float) -> Struck:
        came = next(self.comes)
        if isinstance(came, BaseException):
            raise came
        return came.model_copy(update={"seed": seed})


@contextmanager
def nowhere(settings: Settings, *, answer_seconds: float) -> Iterator[Ground]:
    yield Ground(settings, Proxy(broker=int(answer_seconds)))


def scripted(folder: Path, kept: list[ChaosReport], *comes: Struck | BaseException) -> Scripted:
    run = Scripted(
        Settings(state_dir=folder), ChaosWishes(seed=7, rehearsals=len(comes)), lambda _: None, lambda _: None,
        lambda _: None, kept.append,
    )  # fmt: skip
    run.comes = iter(comes)
    return run


@pytest.mark.parametrize("end", [RuntimeError("nobody foresaw it"), SystemExit(Exit.TERMINATED), KeyboardInterrupt()])
def test_what_was_measured_stays_whatever_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    monkeypatch.setattr(run_module, "ground", nowhere)
    kept: list[ChaosReport] = []

    with pytest.raises(type(end)):
        scripted(tmp_path, kept, struck(1), struck(2), end).run()

    assert [part.seed for part in kept[-1].parts] == [7000, 7001]
    foreseen = not isinstance(end, Exception)
    assert kept[-1].broken == (() if foreseen else ("7002: RuntimeError: nobody foresaw it",))
    assert kept[-1].kept == foreseen


def test_a_rehearsal_that_does_not_end_ends_the_run_and_stands_in_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "ground", nowhere)
    kept: list[ChaosReport] = []

    came = scripted(tmp_path, kept, struck(1), UnableToError("it stands still"), struck(3)).run()

    assert came == kept[-1]
    assert (came.rehearsals, came.broken) == (1, ("7001: it stands still",))


def test_the_page_tells_what_was_left_out_and_where_it_lies(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tuple(f"harm-{n}" for n in range(MOST + 5))

    with speaking("en"):
        print_report(report(struck(1, wrong=wrong, owed=("kill world",))), left=Path("/left/chaos"))

    said = capsys.readouterr().out
    rows = [" ".join(row.split()) for row in said.splitlines()]
    assert "messages heard 500: lost 0, decided twice 0; heard before 3, late writers passed over 2" in rows
    assert "messages said again on purpose 5" in rows
    assert "times left in peace, since nothing was decided 1" in rows
    assert "owed of the first round, and never fallen 1: kill world" in rows
    assert f"harm-{MOST - 1}" in said
    assert f"harm-{MOST}" not in said.replace(f"harm-{MOST - 1}", "")
    assert "… and 5 more" in said
    assert "Look:  ls /left/chaos" in said


def test_the_reports_that_are_kept_still_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted((Path(__file__).parents[2] / "docs" / "faults").glob("seed-*.json"))

    assert main(["--lang", "en", "chaos", "--merge", *map(str, files)]) == Exit.DONE

    said = capsys.readouterr().out
    assert "1034720: lost 0, decided twice 0" in said
    assert "kill 1100," in said
