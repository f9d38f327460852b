"""Talk to an Ollama server."""
