"""Widgets that know no garden."""
