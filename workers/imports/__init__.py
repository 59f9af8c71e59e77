"""Input files: who moves, with what, and when they are away."""
