"""Find definitions, uses and imports in source files."""
