"""What the outside world reports becomes a fact in the right inbox: routed by a directory folded from the journal."""
