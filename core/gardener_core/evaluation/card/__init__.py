"""What was measured of an adapter, and what follows from it."""
