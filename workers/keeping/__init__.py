"""Keeping a programme: everything that stands in its topics in one file, proved whole, and put back from there."""
