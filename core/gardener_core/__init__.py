"""Codebase Gardener, the core."""
