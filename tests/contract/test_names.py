"""The names of our folders are ours: the registry has distributions that would install an `events` of their own."""

from __future__ import annotations

from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import events
import orchestrator
import workers

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("package", [events, orchestrator, workers], ids=lambda package: package.__name__)
def test_is_imported_from_this_repository(package: object) -> None:
    assert Path(str(getattr(package, "__file__", ""))).parents[1] == REPOSITORY


@pytest.mark.parametrize("name", ["events", "orchestrator", "workers"])
def test_no_installed_distribution_but_ours_owns_the_name(name: str) -> None:
    assert set(packages_distributions()[name]) == {"naadloos"}
