"""Deploy a merged model to an Ollama server."""
