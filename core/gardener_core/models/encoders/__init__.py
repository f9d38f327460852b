"""Models that read a text and give its vector."""
