"""Switch the screen from project to project."""
