"""A conversation as plain data."""
