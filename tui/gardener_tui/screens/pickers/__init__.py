"""Screens on which one chooses from a list."""
