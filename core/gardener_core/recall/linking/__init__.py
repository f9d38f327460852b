"""Who calls whom in a project: what was read of single files becomes links between them."""
