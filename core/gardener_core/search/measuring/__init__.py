"""Measure search, its speed and its ranking."""
