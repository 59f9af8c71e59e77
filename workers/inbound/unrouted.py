"""Reports that match nobody wait on disk, and are offered again whenever the directory knows more."""

from pathlib import Path

from pydantic_core import to_json

from workers.providers.reports import REPORTS, Report
from workers.runtime.files import kept


def name_of(report: Report) -> str:
    """What a report is known by: two sources may use one id."""
    return f"{report.source}/{report.id}"


class Unrouted:
    """The waiting reports, by source and id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = REPORTS.validate_json(path.read_bytes()) if path.exists() else []
        self.reports: dict[str, Report] = {name_of(report): report for report in waiting}

    def keep(self, reports: list[Report]) -> None:
        """These are the reports that wait now."""
        self.reports = {name_of(report): report for report in reports}
        kept(self._path, to_json([report.model_dump(mode="json") for report in reports]))
