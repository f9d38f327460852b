"""Conversations that are kept, and what they say."""
