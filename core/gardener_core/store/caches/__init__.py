"""What can be computed again."""
