"""Remove models and unfinished downloads."""
