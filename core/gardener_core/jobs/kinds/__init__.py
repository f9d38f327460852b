"""The kinds of runs, a file a kind."""
