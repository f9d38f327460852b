"""The user's settings: schema, reading, editing."""
