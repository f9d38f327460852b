"""The terminal: its driver, typed keys, the last filter."""
