"""The rows that an adapter is trained on."""
