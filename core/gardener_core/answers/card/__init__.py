"""Cards composed from the index."""
