"""What was meant, where a word is none of those that could stand there."""

from collections.abc import Iterable
from difflib import get_close_matches

from workers.runtime.language import _


def nearest(word: object, words: Iterable[str]) -> str:
    """What is expected in this place: the words that look like it, or all of them where there are few."""
    known = sorted(words)
    near = get_close_matches(str(word), known, n=3, cutoff=0.5)
    if near:
        return _("did you mean {words}?").format(words=_(" or ").join(near))
    return _("one of: {words}").format(words=", ".join(known))
