"""Read the files of a project and cut them into chunks."""
