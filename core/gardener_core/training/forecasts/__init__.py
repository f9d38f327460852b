"""Foresee what a run takes, and fit it into the machine."""
