"""The prompt of the chat, and what fits to what is written in it."""
