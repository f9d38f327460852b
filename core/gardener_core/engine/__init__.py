"""The resident process of a screen."""
