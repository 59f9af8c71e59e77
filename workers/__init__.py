"""What is done: everything that touches the world outside the process."""
