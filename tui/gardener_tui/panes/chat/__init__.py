"""The chat pane, a file a face."""
