"""What people are shown of the journal: pure foldings and texts, which the command line prints."""
