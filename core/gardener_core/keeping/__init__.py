"""What is kept: projects, runs, adapters and the files of a project."""
