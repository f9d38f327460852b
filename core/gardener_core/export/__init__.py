"""Write files that other programs load, and check them."""
