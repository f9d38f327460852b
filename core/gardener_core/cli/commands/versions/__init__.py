"""Commands about the versions of an adapter."""
