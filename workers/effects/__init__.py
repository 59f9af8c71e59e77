"""The effect workers: each takes one command, makes one call outside, and says one fact back."""
