"""Keep a project's index up to date."""
