"""Each guard taken out in its turn, and what misses it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from workers.cli.exits import Exit
from workers.cli.page import progress, show, table
from workers.runtime.figures import figure
from workers.runtime.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from workers.verify.report import GuardsReport, MissedGuard


def guard_named(name: str) -> str:
    """The guard with this name. Raises `UnableToUnderstandError`, and as `_can_be_taken_out`."""
    from workers.runtime.nearest import nearest
    from workers.runtime.unable import UnableToUnderstandError
    from workers.verify.guards import GUARDS

    _can_be_taken_out()
    if name in GUARDS:
        return name
    told = _("Not checked: there is no guard “{name}” ({meant}). Nothing was explored.")
    names = _("See them all:  naadloos verify --guards")
    raise UnableToUnderstandError(told.format(name=name, meant=nearest(name, GUARDS)) + "\n" + names)


def _can_be_taken_out() -> None:
    """Raises `UnableToAllowError` where what decides is machine code."""
    from workers.runtime.compiled import is_compiled
    from workers.runtime.unable import UnableToAllowError

    if is_compiled():
        told = _("Not checked: this Naadloos decides as machine code, and no guard can be taken out of that.")
        way = _("Nothing was explored. Try it in a clone:  make setup && .venv/bin/naadloos verify --guards")
        raise UnableToAllowError(told + "\n" + way)


def guards(report: Path | None, *, workers: int | None) -> int:
    """Try them all, show what missed each, and fail where nothing did."""
    from workers.verify.guards import GUARDS
    from workers.verify.missing import all_missed
    from workers.verify.report import GuardsReport

    _can_be_taken_out()
    began = time.perf_counter()
    found = all_missed(GUARDS, workers=workers, tell=partial(_how_far, _("guards")))
    told = GuardsReport.of(found, time.perf_counter() - began)
    if report is not None:
        report.write_text(told.model_dump_json(indent=2) + "\n", encoding="utf-8")
    _show(told)
    return Exit.FAILED if told.survivors else Exit.DONE


def _how_far(what: str, share: float) -> None:
    progress(what, f"{share:.0%}")


def _show(report: GuardsReport) -> None:
    table((_("taken out"), _("missed by"), _("steps") + ">", _("how")), [_row(one) for one in report.guards])
    count, seconds = figure(len(report.guards)), figure(report.seconds)
    if report.survivors:
        survived = _("Nothing misses {count} of {all} guards: {names}. They are not needed, or nothing shows it.")
        show(survived.format(count=len(report.survivors), all=count, names="; ".join(report.survivors)))
    else:
        show(_("Each of {count} guards is missed when it is out; {seconds} s.").format(count=count, seconds=seconds))


def _row(one: MissedGuard) -> tuple[str, str, str, str]:
    how = "; ".join((*one.otherwise, one.what)) if one.by else ""
    return one.guard, one.by or _("nothing"), figure(one.steps) if one.by else "–", how
