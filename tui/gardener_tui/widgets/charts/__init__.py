"""Charts drawn with braille dots."""
