"""Hold the list of adapters against their folders."""
