"""Checks, repairs and benchmarks."""
