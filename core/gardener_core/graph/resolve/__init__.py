"""Resolve names and calls to symbols."""
