"""The context pane, a file a face."""
