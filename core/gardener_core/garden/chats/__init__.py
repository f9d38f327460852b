"""Questions and conversations, as commands and screens ask for them."""
