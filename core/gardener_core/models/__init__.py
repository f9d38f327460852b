"""Base models: what is here, and the programs that run them."""
