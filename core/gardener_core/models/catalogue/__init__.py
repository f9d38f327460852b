"""The models that can be had, and what they need."""
