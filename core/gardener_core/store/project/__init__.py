"""A project's files, symbols and links."""
