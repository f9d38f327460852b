"""Start other processes, and end with them."""
