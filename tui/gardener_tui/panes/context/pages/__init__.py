"""The pages of the context pane, a file a page."""
