"""Measured processes, started and awaited."""

import os
import subprocess
import sys
from typing import Final

from workers.bench.report import Rate
from workers.bench.unable import UnableToMeasureError
from workers.runtime.language import _
from workers.runtime.settings import Settings, as_environment

SECONDS: Final = 900


def measured(settings: Settings, name: str, records: int) -> Rate:
    """What this contender came to, in a process of its own. Raises `UnableToMeasureError`."""
    command = [sys.executable, "-m", "workers.bench.contenders", name, "--records", str(records)]
    environment = {**os.environ, **as_environment(settings)}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise UnableToMeasureError(
            _message(name, _("it took more than {seconds} seconds").format(seconds=SECONDS))
        ) from None
    if done.returncode != 0:
        why = _last(done.stderr) or _("it ended with {code}").format(code=done.returncode)
        raise UnableToMeasureError(_message(name, why))
    return Rate.model_validate_json(done.stdout.splitlines()[-1])


def _last(output: bytes) -> str:
    return output.decode(errors="replace").strip().rpartition("\n")[2]


def _message(name: str, why: str) -> str:
    return "\n".join(
        (
            _("Not measured: '{name}' did not come to its end: {why}").format(name=name, why=why),
            _("The topics of the bench were deleted. See whether Kafka runs:  naadloos kafka status"),
            _("Or try a smaller one:  naadloos bench --records 5000"),
        )
    )
