"""Whole screens and sheets."""
