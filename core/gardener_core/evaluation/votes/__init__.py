"""Blind votes between two answers."""
