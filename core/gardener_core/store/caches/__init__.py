"""Caches: what can be computed again."""
