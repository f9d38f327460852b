"""Base models: what is here, and the engine that runs them."""
