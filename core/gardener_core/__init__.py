"""Codebase Gardener, the engine."""
