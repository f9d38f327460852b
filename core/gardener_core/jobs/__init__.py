"""Run long work in processes of its own."""
