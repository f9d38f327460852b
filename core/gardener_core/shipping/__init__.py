"""Write files that other programs load, and prove them."""
