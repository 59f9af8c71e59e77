"""The published contract: what `schemas/` says of every message, made from the message classes."""
