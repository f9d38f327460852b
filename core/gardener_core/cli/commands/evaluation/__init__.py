"""Commands about what adapters are worth."""
