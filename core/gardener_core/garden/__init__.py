"""What commands and screens may ask of the core."""
