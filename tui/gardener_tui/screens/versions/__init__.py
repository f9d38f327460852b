"""The versions of an adapter, and where they are deployed."""
