"""Write and read files safely."""
