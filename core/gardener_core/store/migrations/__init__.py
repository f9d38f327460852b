"""The migrations of each database's schema."""
