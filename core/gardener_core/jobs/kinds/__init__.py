"""The work of each kind of run."""
