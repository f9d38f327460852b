"""Serve base models by whichever engine is faster."""
