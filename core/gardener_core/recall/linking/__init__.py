"""Who calls whom: what was read of single files becomes links."""
