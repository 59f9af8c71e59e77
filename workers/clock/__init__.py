"""The clock worker: it follows the journal, and says "time come" when a subject is to be looked at again."""
