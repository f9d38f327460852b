"""The lines of a card."""
