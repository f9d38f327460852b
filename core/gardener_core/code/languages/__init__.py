"""The languages, one folder each."""
