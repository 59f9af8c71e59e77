"""Check the promise: the real decisions together with the world's own model, in every order within k deviations.

A deviation is one thing that goes otherwise than usual: a message lost, late or doubled, a worker that dies, a
counterpart that does not answer, a step of the world that comes out otherwise, or something that somebody does unasked.
Each history within the bound is gone through; docs/proof.md says what must hold in each, and what is not covered.
A history that breaks a promise is told step by step, and the exit code is 1.

With --guards each guard of the decisions is taken out in its turn, and something has to miss it: a check that cannot
fail proves nothing. With --without one guard is out, so that you can see what then happens.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workers.cli.exits import Exit
from workers.cli.page import aside, progress, show, table
from workers.cli.usage import check_writable, whole_number
from workers.cli.verify_guards import guard_named, guards
from workers.runtime.figures import figure
from workers.runtime.language import _, doc_

if TYPE_CHECKING:
    from workers.verify.abreast import Searched
    from workers.verify.report import Explored, VerifyReport, Violation

MOST_K, USUAL_K = 3, 1


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `verify` with its flags."""
    noun = subparsers.add_parser(
        "verify",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("model", nargs="*", metavar=_("MODEL"), help=_("which systems (default: all; see --list)"))
    noun.add_argument(
        "--k",
        type=whole_number(0, MOST_K),
        metavar="K",
        help=_("how many things may go otherwise in one history (default 1)"),
    )
    noun.add_argument("--workers", type=whole_number(), metavar=_("COUNT"), help=_("processes (default: one per core)"))
    shape = noun.add_mutually_exclusive_group()
    shape.add_argument("--list", action="store_true", help=_("name the systems and what takes part in each"))
    shape.add_argument("--guards", action="store_true", help=_("take out each guard in its turn"))
    shape.add_argument("--without", metavar=_("GUARD"), help=_("take this guard out (see --guards)"))
    noun.add_argument(
        "--histories", type=Path, metavar=_("FOLDER"), help=_("write each history that breaks a promise as a scenario")
    )
    noun.add_argument("--report", type=Path, metavar=_("FILE"), help=_("write what was found as JSON"))
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explore what was asked for, show it, and fail where a promise is broken."""
    check_writable(args.report)
    if args.guards:
        _check_alone(args)
        return guards(args.report, workers=args.workers)
    from workers.verify.models import MODELS

    names = _names(args.model)
    if args.list:
        table((_("system"), _("lines")), [(name, ", ".join(_lines(name))) for name in args.model or MODELS])
        return Exit.DONE
    report = _explored(args, names)
    if args.report is not None:
        args.report.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    _show(report)
    return Exit.FAILED if report.violations else Exit.DONE


def _explored(args: argparse.Namespace, names: list[str]) -> VerifyReport:
    from workers.verify.abreast import search
    from workers.verify.models import MODELS
    from workers.verify.report import Explored, VerifyReport

    k = USUAL_K if args.k is None else args.k
    without = "" if args.without is None else guard_named(args.without)
    explored = []
    for name in names:
        aside(_("{model}: every history with up to {k} deviations …").format(model=MODELS[name].name, k=k))
        tell = partial(_how_far, name)
        searched = search(name, k, workers=args.workers, without=without, tell=tell)
        explored.append(Explored.of(searched))
        _tell(explored[-1])
        if args.histories is not None:
            _write_histories(searched, args.histories)
    if not args.model:
        explored += _alike(explored)
    return VerifyReport.of(explored, without=without)


def _alike(explored: list[Explored]) -> list[Explored]:
    from workers.verify.models import ALIKE
    from workers.verify.report import Explored

    done = {one.model: one for one in explored}
    for name, other in ALIKE.items():
        aside(_("{model}: as {other}; nothing here looks at what they differ in").format(model=name, other=other))
    return [Explored.alike(name, done[other]) for name, other in ALIKE.items()]


def _check_alone(args: argparse.Namespace) -> None:
    """Whoever has the guards tried names no system and no bound. Raises `UnableToUnderstandError`."""
    from workers.runtime.unable import UnableToUnderstandError

    if args.model or args.k is not None:
        told = _(
            "Not checked: --guards tries each guard in a system and within a bound of its own. Nothing was explored."
        )
        raise UnableToUnderstandError(told + "\n" + _("Give neither:  naadloos verify --guards"))


def _names(asked: list[str]) -> list[str]:
    from workers.runtime.nearest import nearest
    from workers.runtime.unable import UnableToUnderstandError
    from workers.verify.models import ALIKE, MODELS

    for name in asked:
        if name not in MODELS:
            told = _("Not checked: there is no system {name} ({meant}). Nothing was explored.")
            names = _("See them all:  naadloos verify --list")
            raise UnableToUnderstandError(told.format(name=name, meant=nearest(name, MODELS)) + "\n" + names)
    return asked or [name for name in MODELS if name not in ALIKE]


def _how_far(model: str, share: float) -> None:
    progress(model, f"{share:.0%}")


def _lines(name: str) -> list[str]:
    from workers.verify.models import MODELS

    return [f"{line.line} {line.kind} {line.handset} {line.execution}" for line in MODELS[name].lines]


def _tell(one: Explored) -> None:
    told = _("{model}: {states} situations, {transitions} steps, the longest history {depth}; {seconds} s; {verdict}")
    verdict = _("{count} promises broken").format(count=len(one.violations)) if one.violations else _("nothing found")
    aside(
        told.format(
            model=one.model,
            states=figure(one.states),
            transitions=figure(one.transitions),
            depth=one.depth,
            seconds=figure(one.seconds),
            verdict=verdict,
        )
    )


def _write_histories(searched: Searched, folder: Path) -> None:
    from workers.verify.history import History

    folder.mkdir(parents=True, exist_ok=True)
    for number, found in enumerate(searched.tally.found.values(), 1):
        file = folder / f"{searched.model}-{found.fault.rule}-{number}.yaml"
        file.write_text(History.of(searched.model, found).written(), encoding="utf-8")
        aside(_("Written: {file}. Play it again:  naadloos scenario {file}").format(file=file))


def _show(report: VerifyReport) -> None:
    for one in report.models:
        for violation in one.violations:
            _show_violation(one, violation)
    told = _("{states} situations in {seconds} s; {rate} steps a second.")
    show(
        told.format(states=figure(report.states), seconds=figure(report.seconds), rate=figure(report.steps_per_second))
    )
    if report.violations:
        show(_("{count} promises are broken; each is told above.").format(count=report.violations))
    elif report.without:
        show(_("Without the guard “{name}” no promise is broken within these bounds.").format(name=report.without))
    else:
        sound = _(
            "Within these bounds nobody is cut off by our doing, nobody is forgotten, and every line comes to an end."
        )
        show(sound)


def _show_violation(one: Explored, violation: Violation) -> None:
    head = _("{model}: {rule}, {line}: {what}, after {steps} steps")
    show(
        head.format(
            model=one.model, rule=violation.rule, line=violation.line, what=violation.what, steps=violation.steps
        )
    )
    for line in violation.story:
        show(f"    {line}")
