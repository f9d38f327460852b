"""Go on from an adapter as the code changes."""
