"""The front door of the core."""
