"""Answer questions from found code."""
