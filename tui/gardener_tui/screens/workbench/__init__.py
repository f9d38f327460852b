"""The screen with the four panes."""
