"""Projects, runs, adapters, conversations and the audit log."""
