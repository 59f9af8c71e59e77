"""Replay: what today's code would make of the journal, and doing exactly what was approved of it."""
