"""Names by which people choose: one that matches nobody is told, and is no empty answer."""

from __future__ import annotations

from collections.abc import Sequence

from workers.runtime.language import _
from workers.runtime.unable import UnableToUnderstandError
from workers.views.known import Known


def check_wave(known: Known, name: str | None) -> None:
    """There is such a wave, or none is asked for. Raises `UnableToUnderstandError`, with those that there are."""
    waves = [str(wave.id) for wave in known.waves()]
    if name and name not in waves:
        raise _unknown(_("Not shown: there is no wave {name}.").format(name=name), waves)


def check_department(known: Known, name: str) -> None:
    """Some department has this in its name. Raises `UnableToUnderstandError`, with those that there are."""
    departments = sorted({holder.enrolled.department for holder in known.holders() if holder.enrolled})
    if not any(name.casefold() in department.casefold() for department in ("", *departments)):
        raise _unknown(_("Not shown: no department has {name} in its name.").format(name=name), departments)


def _unknown(told: str, there: Sequence[str]) -> UnableToUnderstandError:
    return UnableToUnderstandError(told + "\n" + _("There are: {waves}").format(waves=", ".join(there) or "–"))
