"""What adapters are worth."""
