"""Write and read GGUF files."""
