"""Read a project's files: list them, parse them, cut them into chunks."""
