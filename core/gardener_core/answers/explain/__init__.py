"""Let a model explain a card."""
