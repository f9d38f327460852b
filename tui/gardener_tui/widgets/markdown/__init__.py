"""Markdown that is drawn while it is written."""
