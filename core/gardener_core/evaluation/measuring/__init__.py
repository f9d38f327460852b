"""Measure a base and an adapter on the same items."""
