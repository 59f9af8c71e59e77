"""What every test run shares: examples that are drawn are the same each time; `make long` draws new ones."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("the same each time", derandomize=True)
settings.load_profile("the same each time")
