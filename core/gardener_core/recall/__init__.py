"""Find code again."""
