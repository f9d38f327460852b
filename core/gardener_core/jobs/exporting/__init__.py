"""Parts of an export run."""
