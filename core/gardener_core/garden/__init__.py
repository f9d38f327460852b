"""The front door of the engine."""
