"""Stories: given facts, what happens when, and what must follow, played against the real decision code in process."""
