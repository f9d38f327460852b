"""Measure training on this machine."""
