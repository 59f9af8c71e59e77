"""How seldom Python looks for cycles in a process that folds."""

import gc


def collect_seldom() -> None:
    """Have Python look for cycles seldom: what is known lives long and holds none, and looking costs a tenth of all."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
