"""The stories that come with Naadloos: of reference scenarios about decisions, and of guards no history misses."""

from pathlib import Path
from typing import Final

from workers.runtime.language import _
from workers.runtime.nearest import nearest
from workers.runtime.unable import UnableToUnderstandError

STORIES: Final = Path(__file__).parent / "stories"


def shipped() -> list[Path]:
    """Every shipped story, in the order of its name."""
    return sorted(STORIES.glob("*.yaml"))


def story_path(named: Path) -> Path:
    """The file that is meant: the one named or, where there is none, the shipped story of that name.

    Raises `UnableToUnderstandError` where there is neither.
    """
    own = STORIES / f"{named.stem}.yaml"
    if named.exists():
        return named
    if own.exists():
        return own
    told = _("There is no story {name}, neither a file nor one that comes with Naadloos; {nearest} Nothing was played.")
    near = nearest(named.stem, (story.stem for story in shipped()))
    raise UnableToUnderstandError(
        told.format(name=named, nearest=near) + "\n" + _("All that come with it:  naadloos scenario --shipped")
    )
