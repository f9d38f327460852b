"""The operating system: paths, processes, locks, terminals."""
