"""The promises held against what is known: by whoever follows the journal, at each record."""
