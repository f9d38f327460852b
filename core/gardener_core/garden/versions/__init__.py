"""The versions of a project's adapter, and what is done with them."""
