"""Find code by words and by meaning."""
