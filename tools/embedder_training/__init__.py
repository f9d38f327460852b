"""Train the embedder that ships."""
