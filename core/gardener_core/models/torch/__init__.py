"""Load and measure models with torch."""
