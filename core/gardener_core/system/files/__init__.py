"""Write whole files, and read only regular ones."""
