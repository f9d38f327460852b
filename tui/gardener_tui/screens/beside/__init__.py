"""Two adapters or runs beside each other."""
