"""Two adapters beside each other."""
