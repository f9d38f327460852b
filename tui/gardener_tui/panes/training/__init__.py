"""The training pane, a file a face."""
