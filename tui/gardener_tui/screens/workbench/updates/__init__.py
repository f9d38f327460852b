"""What keeps the screen, the index and the adapter up to date."""
