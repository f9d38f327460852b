"""Train the small base model that ships until real ones do."""
