"""Stories: given facts, then what happens when, and what must follow. Played against the real decision code, in process."""
