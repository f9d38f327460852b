"""The rows of the context pane's lists."""
