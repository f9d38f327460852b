"""Measure how fast training goes."""
