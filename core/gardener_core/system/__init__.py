"""The operating system: places, processes, locks, terminal text."""
