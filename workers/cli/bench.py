"""Measure what this machine makes of it, on the real Kafka, in topics that are deleted afterwards.

  deciding     records decided per second and core, beside a bare confluent-kafka loop and a bare faust agent
  latency      from saying a fact to reading its decision
  restart      a decider's start behind a long journal, with and without snapshots
  end-to-end   employees per second through everything, in a world that answers at once

A machine that does other work meanwhile gives lower figures per second; those per core and the ratios hold better.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from workers.cli.exits import Exit

if TYPE_CHECKING:
    from rich.table import Table

    from workers.bench.report import BenchReport, Deciding, Rate

Part = Literal["deciding", "latency", "restart", "end-to-end"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `bench` with its flags."""
    formatter = argparse.RawDescriptionHelpFormatter
    summary = (__doc__ or "").splitlines()[0]
    noun = subparsers.add_parser("bench", help=summary, description=__doc__, formatter_class=formatter)
    noun.add_argument("--report", type=Path, metavar="FILE", help="write the figures as JSON")
    noun.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be given several times")
    noun.add_argument("--records", type=_count, default=50_000, help="records to decide (default 50000)")
    noun.add_argument("--faust-records", type=_count, default=5_000, help="records for the faust agent (default 5000)")
    noun.add_argument("--facts", type=_count, default=300, help="facts whose latency is taken (default 300)")
    noun.add_argument("--journal-records", type=_count, default=200_000, help="length of the journal (default 200000)")
    noun.add_argument("--employees", type=_count, default=100, help="employees end to end, per shape (default 100)")
    noun.set_defaults(run=run)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1")
    return number


def run(args: argparse.Namespace) -> int:
    """Measure what was asked for and show it."""
    from rich.console import Console

    from workers.bench.run import Bench, Sizes
    from workers.runtime.settings import read_settings

    sizes = Sizes(
        records=args.records,
        faust_records=args.faust_records,
        facts=args.facts,
        journal_records=args.journal_records,
        employees=args.employees,
    )
    parts = tuple(part for part in PARTS if args.only is None or part in args.only)
    bench = Bench(read_settings(), sizes, parts, say=lambda text: print(text, file=sys.stderr, flush=True))
    report = bench.run()
    if args.report:
        args.report.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    Console(highlight=False).print(*tables(report), sep="\n")
    return Exit.DONE


def tables(report: BenchReport) -> list[Table | str]:
    """The figures for a reader."""
    machine = report.machine
    clients = ", ".join(f"{name} {version}" for name, version in machine.clients.items())
    head = f"{machine.cores} cores ({machine.processor}), load {machine.load_before:g} before. {machine.kafka}"
    return [f"{head}, {clients}.", *(_deciding(part) for part in report.deciding), *_rest(report)]


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left")
    return table


def _deciding(part: Deciding) -> Table:
    disk = "each batch on disk before it is acknowledged" if part.flushed else "without that flush"
    table = _table(f"\nDeciding, {disk}", "", "records", "per second", "per second of a core", "decider is")
    table.add_row("decider", *_rate(part.decider), "")
    table.add_row("bare confluent-kafka loop", *_rate(part.bare), f"{part.of_bare:.2f} of it")
    table.add_row("bare faust agent", *_rate(part.faust), f"{part.times_faust:.1f} times it")
    return table


def _rate(rate: Rate) -> tuple[str, str, str]:
    return f"{rate.records:,}", f"{rate.per_second:,.0f}", f"{rate.per_core:,.0f}"


def _rest(report: BenchReport) -> list[Table | str]:
    shown: list[Table | str] = []
    if told := report.latency:
        shown.append(
            f"\nFact to journal: median {told.p50_ms:g} ms, 99 % within {told.p99_ms:g} ms, longest {told.max_ms:g} ms "
            f"({told.facts} facts, one at a time)"
        )
    if again := report.restart:
        shown.append(
            f"\nRestart behind {again.journal_records:,} journal records of {again.subjects:,} subjects: "
            f"{again.without_snapshot.seconds:.1f} s; from snapshots ({again.snapshot_mb:g} MB) "
            f"{again.with_snapshot.seconds:.1f} s. By the million: {again.per_million_seconds:.0f} s without."
        )
    if report.end_to_end:
        heads = ("employees", "done", "seconds", "employees per second", "messages")
        table = _table("\nEnd to end", "one line each", *heads)
        for part in report.end_to_end:
            rate, counts = f"{part.employees_per_second:g}", (str(part.employees), str(part.done))
            table.add_row(part.shape, *counts, f"{part.seconds:g}", rate, str(part.inbox_records))
        shown.append(table)
    return shown
