"""Write the input files of an invented Dutch municipality.

The same number of employees, seed and start give the same files, byte for byte. The folder `municipality` beside this
module holds those of 900 employees, seed 1.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from workers.imports.invent import town
from workers.imports.invent.away import absences, leavers
from workers.imports.invent.duties import duties
from workers.imports.invent.fleet import fleet, stocked
from workers.imports.invent.staff import staff
from workers.imports.invent.wanted import wanted_lines
from workers.imports.moments import moment_of
from workers.imports.roster import Roster
from workers.imports.writer import write_csv

MUNICIPALITY: Final = Path(__file__).with_name("municipality")
"""The shipped sample."""
EMPLOYEES: Final = 900
SEED: Final = 1
STARTS: Final = moment_of("2027-01-11 08:00")
_CONTRACT: Final = timedelta(weeks=26)
MOST: Final = 100_000


def generate(employees: int, seed: int, starts: datetime) -> Roster:
    """An invented municipality of this many employees (1 to 100,000), whose programme starts then.

    Its proportions do not depend on its size. The old contract ends 26 weeks after the start.
    """
    people = staff(employees, seed)
    wanted = wanted_lines(people, seed)
    on_duty = duties(wanted, employees, seed)
    lines = fleet(wanted, on_duty, seed)
    return Roster(
        title=town.TITLE,
        starts=starts,
        contract_ends=starts + _CONTRACT,
        employees=people,
        lines=lines,
        absences=absences(people, starts=starts, seed=seed),
        leavers=leavers(people, starts=starts, seed=seed),
        duty_rosters=on_duty.formed,
        kits=stocked(lines, seed),
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Write the files that the arguments ask for; silent when done."""
    parser = argparse.ArgumentParser(prog="python -m workers.imports.sample", description=__doc__)
    parser.add_argument("--employees", type=int, default=EMPLOYEES, help="how many, 1 to 100000 (default 900)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, other people (default 1)")
    parser.add_argument("--starts", type=moment_of, default=STARTS, help="default 2027-01-11T08:00, Dutch time")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write to")
    args = parser.parse_args(argv)
    if not 1 <= args.employees <= MOST:
        parser.error(f"--employees is to be from 1 to {MOST}")
    write_csv(generate(args.employees, args.seed, args.starts), args.out)


if __name__ == "__main__":
    main()
