"""Find secrets and keep them out of everything."""
