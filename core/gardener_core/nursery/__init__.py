"""What the program grows itself."""
