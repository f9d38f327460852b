"""Write files atomically, and read only regular ones."""
