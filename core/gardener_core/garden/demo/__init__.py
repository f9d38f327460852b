"""The whole way on a sample project."""
