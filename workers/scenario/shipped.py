"""The stories that come with Naadloos: one per reference scenario that is about decisions."""

from pathlib import Path
from typing import Final

STORIES: Final = Path(__file__).parent / "stories"


def shipped() -> list[Path]:
    """Every shipped story, in the order of its name."""
    return sorted(STORIES.glob("*.yaml"))


def story_path(named: Path) -> Path:
    """The file that is meant: the one named or, where there is none, the shipped story of that name."""
    own = STORIES / f"{named.stem}.yaml"
    return own if not named.exists() and own.exists() else named
