"""Who calls whom, and what matters most."""
