"""What is said: every fact and command in the life of a line, the envelope they travel in, and the registry of all of them."""
