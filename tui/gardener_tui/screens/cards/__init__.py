"""What an adapter is worth."""
