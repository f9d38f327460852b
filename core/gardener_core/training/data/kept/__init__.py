"""Prepared rows as they are kept."""
