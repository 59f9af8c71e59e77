"""What is said: every fact and command in the life of a line, their envelope, and the registry of all of them."""
