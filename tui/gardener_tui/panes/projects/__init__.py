"""The projects pane."""
