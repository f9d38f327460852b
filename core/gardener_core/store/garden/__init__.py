"""The tables of garden.db."""
