"""Check and repair the garden, and measure this machine."""
