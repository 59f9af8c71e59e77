"""The audit: whether the journal is as it was written, and who did what, when, from where, with what result."""
