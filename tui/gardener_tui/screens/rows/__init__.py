"""The rows that an adapter learns from."""
