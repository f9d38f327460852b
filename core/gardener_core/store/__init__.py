"""The SQLite databases of a garden."""
