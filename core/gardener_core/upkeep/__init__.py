"""Check and repair the garden, and benchmark this machine."""
