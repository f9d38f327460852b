"""Search files where there is no table."""
