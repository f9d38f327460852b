"""Screens on which one chooses something."""
