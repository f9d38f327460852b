"""Sheets that lie over the workbench."""
