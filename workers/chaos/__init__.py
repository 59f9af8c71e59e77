"""Faults on purpose: workers killed and stopped, the broker too, answers lost; then what is left is judged."""
