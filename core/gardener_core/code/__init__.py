"""List, parse and cut a project's files."""
