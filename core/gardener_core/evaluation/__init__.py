"""Measure models on files that they have not seen."""
