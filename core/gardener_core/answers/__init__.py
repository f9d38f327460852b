"""Answer questions from the code that was found."""
