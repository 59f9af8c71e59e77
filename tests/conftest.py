"""What every test run shares: examples are drawn alike each time, and none is timed; `make long` draws new ones."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("the same each time", derandomize=True, deadline=None)
settings.load_profile("the same each time")
