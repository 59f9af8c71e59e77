"""The workers as processes: which there are, started, watched, restarted with back-off, and not for ever."""
