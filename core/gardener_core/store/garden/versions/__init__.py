"""What is done with the versions of an adapter."""
