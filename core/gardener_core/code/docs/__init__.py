"""Find docs in code of any language."""
