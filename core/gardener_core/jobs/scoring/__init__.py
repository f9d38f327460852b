"""What a run that measures an adapter needs."""
