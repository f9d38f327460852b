"""Events of runs, searches and answers."""
