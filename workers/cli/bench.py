"""Measure what this machine makes of it, on the real Kafka, in topics that are deleted afterwards.

  deciding     records decided per second and core, beside a bare confluent-kafka loop and a bare faust agent
  latency      from saying a fact to reading its decision
  restart      a decider's start behind a long journal, with and without snapshots; that journal replayed on all cores
  end-to-end   employees per second through everything, in a world that answers at once
  proof        steps per second of the check that goes through every history

A machine that does other work meanwhile gives lower figures per second; those per core and the ratios hold better.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from workers.bench.report import PARTS
from workers.cli.exits import Exit
from workers.cli.page import aside, show
from workers.cli.usage import check_writable, whole_number
from workers.runtime.figures import WHOLE, figure
from workers.runtime.language import _, doc_

if TYPE_CHECKING:
    from rich.table import Table

    from workers.bench.report import BenchReport, Deciding, Latency, Proof, Rate, Replaying, Restart


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `bench` with its flags."""
    noun = subparsers.add_parser(
        "bench",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("--report", type=Path, metavar=_("FILE"), help=_("write the figures as JSON"))
    noun.add_argument("--only", choices=PARTS, action="append", help=_("this part alone; may be given several times"))
    sizes = (
        ("--records", 50_000, _("records to decide (default 50000)")),
        ("--rounds", 3, _("rounds with a decider per core, of which the fastest counts (default 3)")),
        ("--faust-records", 5_000, _("records for the faust agent (default 5000)")),
        ("--facts", 300, _("facts whose latency is taken (default 300)")),
        ("--journal-records", 1_000_000, _("length of the journal (default 1000000)")),
        ("--employees", 100, _("employees end to end, per shape (default 100)")),
    )
    for name, default, text in sizes:
        noun.add_argument(name, type=whole_number(), default=default, metavar=_("COUNT"), help=text)
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure what was asked for and show it."""
    from workers.bench.run import Bench, Sizes
    from workers.runtime.settings import read_settings

    check_writable(args.report)
    sizes = Sizes(
        records=args.records,
        rounds=args.rounds,
        faust_records=args.faust_records,
        facts=args.facts,
        journal_records=args.journal_records,
        employees=args.employees,
    )
    parts = tuple(part for part in PARTS if args.only is None or part in args.only)
    bench = Bench(read_settings(), sizes, parts, say=aside)
    report = bench.run()
    if args.report:
        args.report.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    show(*tables(report))
    return Exit.DONE


def tables(report: BenchReport) -> list[Table | str]:
    """The figures for a reader."""
    machine = report.machine
    clients = ", ".join(f"{name} {version}" for name, version in machine.clients.items())
    kafka = ", ".join(_(part) for part in machine.kafka.split(", "))
    head = _("{cores} cores ({processor}), load {load} before. {kafka}, {clients}.").format(
        cores=machine.cores, processor=machine.processor, load=figure(machine.load_before), kafka=kafka, clients=clients
    )
    how = _("It decides as machine code.") if machine.decides_as == "machine code" else _("It decides as Python.")
    return [f"{head} {how}", *(_deciding(part) for part in report.deciding), *_rest(report)]


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left")
    return table


def _deciding(part: Deciding) -> Table:
    flushed = _("Deciding, each batch on disk before it is acknowledged")
    title = flushed if part.flushed else _("Deciding, without that flush")
    heads = (_("records"), _("per second"), _("per second of a core"), _("decider is"))
    table = _table(f"\n{title}", "", *heads)
    table.add_row(_("decider"), *_rate(part.decider), "")
    slowest = min(each.per_second for each in part.rounds)
    again = _("slowest of {rounds} rounds: {rate}").format(rounds=len(part.rounds), rate=figure(slowest, WHOLE))
    table.add_row(_("one decider per core, at once, fastest round"), *_rate(part.deciders), again)
    table.add_row(
        _("bare confluent-kafka loop"), *_rate(part.bare), _("{share} of it").format(share=figure(part.of_bare, "0.00"))
    )
    table.add_row(
        _("bare faust agent"), *_rate(part.faust), _("{times} times it").format(times=figure(part.times_faust, "0.0"))
    )
    return table


def _rate(rate: Rate) -> tuple[str, str, str]:
    return figure(rate.records, WHOLE), figure(rate.per_second, WHOLE), figure(rate.per_core, WHOLE)


def _rest(report: BenchReport) -> list[Table | str]:
    shown: list[Table | str] = []
    if report.latency:
        shown.append(_latency(report.latency))
    if report.restart:
        shown.append(_restart(report.restart))
    if report.replaying:
        shown.append(_replaying(report.replaying))
    if report.end_to_end:
        heads = (_("employees"), _("done"), _("seconds"), _("employees per second"), _("messages"))
        table = _table("\n" + _("End to end"), _("one line each"), *heads)
        for part in report.end_to_end:
            rate, counts = figure(part.employees_per_second), (str(part.employees), str(part.done))
            table.add_row(_(part.shape), *counts, figure(part.seconds), rate, str(part.inbox_records))
        shown.append(table)
    if report.proof:
        shown.append(_proof(report.proof))
    return shown


def _proof(told: Proof) -> str:
    text = _("Every history of {system} within one deviation: {steps} steps between {situations} situations,")
    rate = _("{rate} steps per second on all cores, for {seconds} s.").format(
        rate=figure(told.steps_per_second, WHOLE), seconds=figure(told.seconds, "0.0")
    )
    counts = {"steps": figure(told.steps, WHOLE), "situations": figure(told.situations, WHOLE)}
    return "\n" + text.format(system=told.system, **counts) + " " + rate


def _replaying(told: Replaying) -> Table:
    heads = (_("records"), _("seconds"), _("per second"), _("per second of a core"))
    table = _table("\n" + _("The same journal once more, on all cores"), "", *heads)
    for name, rate in (
        (_("consumed, and nothing else"), told.consumed),
        (_("folded"), told.folded),
        (_("decided anew and compared"), told.compared),
    ):
        records, per_second, per_core = _rate(rate)
        table.add_row(name, records, figure(rate.seconds, "0.0"), per_second, per_core)
    return table


def _latency(told: Latency) -> str:
    text = _("Fact to journal: median {median} ms, 99 % within {most} ms, longest {longest} ms")
    shown = text.format(median=figure(told.p50_ms), most=figure(told.p99_ms), longest=figure(told.max_ms))
    return f"\n{shown} " + _("({facts} facts, one at a time)").format(facts=told.facts)


def _restart(told: Restart) -> str:
    behind = _("Restart behind {records} journal records of {subjects} subjects: {seconds} s;").format(
        records=figure(told.journal_records, WHOLE),
        subjects=figure(told.subjects, WHOLE),
        seconds=figure(told.without_snapshot.seconds, "0.0"),
    )
    snapshots = _("from snapshots ({mb} MB) {seconds} s. By the million: {million} s without.").format(
        mb=figure(told.snapshot_mb),
        seconds=figure(told.with_snapshot.seconds, "0.0"),
        million=figure(told.per_million_seconds, "0"),
    )
    return f"\n{behind} {snapshots}"
