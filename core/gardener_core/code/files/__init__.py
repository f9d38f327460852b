"""List and read a project's files, and never leave it."""
