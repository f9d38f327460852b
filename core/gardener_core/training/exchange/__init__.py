"""Rows of training for other programs, and from them."""
