"""Train an adapter and measure it."""
