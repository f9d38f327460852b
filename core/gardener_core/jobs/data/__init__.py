"""Bring together what the rows of training are made from."""
