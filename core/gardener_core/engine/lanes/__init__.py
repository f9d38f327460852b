"""What the engine does, a file a lane."""
