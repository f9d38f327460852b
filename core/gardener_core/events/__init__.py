"""Every fact that a run, a search or an answer reports."""
