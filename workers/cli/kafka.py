"""Start, stop and look at the Kafka of this machine.

Everything that needs Kafka starts it unasked; these commands are for looking and for stopping. It is one node on
loopback, its data is kept in the state directory, and a stop keeps every record. With KAFKA_BOOTSTRAP_SERVERS set,
that cluster is used and nothing is started here.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque
from collections.abc import Callable

from workers.cli.exits import Exit
from workers.cli.page import few
from workers.cli.usage import whole_number
from workers.crew.alone import running
from workers.runtime.kafka import server
from workers.runtime.kafka.places import data_dir, free_mb, log_files
from workers.runtime.language import _, doc_, marked
from workers.runtime.settings import Settings, read_settings

GIVEN = marked("Using the Kafka at {servers}, as KAFKA_BOOTSTRAP_SERVERS says. Nothing is started or stopped here.")
ANSWERS = marked("Kafka answers on {servers}.")
NO_ANSWER = marked("No answer from the Kafka on {servers}.")
RUNS = marked("Process {pid}, {memory} MB resident. Data: {data}")
LOW_DISK = marked("Only {left} MB left on the disk of {data}. Kafka ends when it is full: make room now.")
NOT_RUNNING = marked("Kafka does not run. Start it:  naadloos kafka start")
ENDED_UNASKED = marked(
    "Kafka does not run: it ended without a stop. Its records are kept. Start it:  naadloos kafka start"
)
STOPPED = marked("Kafka stopped. Every record is kept in {data}")
KILLED = marked(
    "Kafka did not stop by itself and was killed. What was acknowledged is kept; the next start takes longer."
)
WAITING = marked(
    "Workers of {names} run, and wait until it is back. Start it:  naadloos kafka start   Or end them:  naadloos down"
)
NONE_RAN = marked("Kafka did not run. Nothing to stop.")
NO_LOGS = marked("No logs yet: Kafka was never started with this state directory ({directory}).")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `kafka` with its verbs."""
    formatter = argparse.RawDescriptionHelpFormatter
    noun = subparsers.add_parser(
        "kafka",
        description=doc_(__doc__),
        formatter_class=formatter,
    )
    verbs = noun.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    _add_verb(verbs, "start", start, _("start it, if it does not run, and wait until it answers"))
    _add_verb(verbs, "stop", stop, _("stop it; every record is kept"))
    _add_verb(verbs, "status", status, _("say whether it runs, where, and how much memory it takes"))
    logs_verb = _add_verb(verbs, "logs", logs, _("show the end of what it wrote down, and where"))
    logs_verb.add_argument(
        "-n", "--lines", type=whole_number(0), default=50, metavar=_("COUNT"), help=_("how many lines of each log (50)")
    )


def start(_args: argparse.Namespace) -> int:
    """Start the broker of this machine and make the programme's topics."""
    settings = read_settings()
    server.ensure_kafka(settings, say=print)
    return _status(settings)


def stop(_args: argparse.Namespace) -> int:
    """Stop the broker of this machine."""
    settings = read_settings()
    if not settings.embedded:
        print(_(GIVEN).format(servers=settings.bootstrap_servers))
        return Exit.REFUSED
    texts = {None: NONE_RAN, True: STOPPED, False: KILLED}
    ended = server.stop(settings)
    print(_(texts[ended]).format(data=data_dir(settings)))
    if ended is not None and (names := running(settings)):
        print(_(WAITING).format(names=few(names)), file=sys.stderr)
    return Exit.DONE


def status(_args: argparse.Namespace) -> int:
    """Say what runs; `UNAVAILABLE` when no Kafka answers."""
    return _status(read_settings())


def logs(args: argparse.Namespace) -> int:
    """Show the end of both logs."""
    settings = read_settings()
    files = [file for file in log_files(settings) if file.exists()]
    if not files:
        print(_(NO_LOGS).format(directory=settings.state_dir))
        return Exit.UNAVAILABLE
    for file in files:
        print(f"== {file}")
        with file.open(encoding="utf-8", errors="replace") as lines:
            sys.stdout.writelines(deque(lines, maxlen=max(args.lines, 0)))
    return Exit.DONE


def _add_verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=text, description=text.capitalize() + ".")
    verb.set_defaults(run=run)
    return verb


def _status(settings: Settings) -> int:
    seen = server.status(settings)
    if not seen.embedded:
        print(_(GIVEN).format(servers=seen.bootstrap_servers))
    elif seen.broker is None:
        print(_(ENDED_UNASKED if seen.ended_unasked else NOT_RUNNING))
        return Exit.UNAVAILABLE
    else:
        print(_(RUNS).format(pid=seen.broker.pid, memory=seen.broker.memory_mb(), data=data_dir(settings)))
        if (left := free_mb(settings)) < settings.kafka_min_free_mb:
            print(_(LOW_DISK).format(left=left, data=data_dir(settings)))
    print(_(ANSWERS if seen.healthy else NO_ANSWER).format(servers=seen.bootstrap_servers))
    return Exit.DONE if seen.healthy else Exit.UNAVAILABLE
