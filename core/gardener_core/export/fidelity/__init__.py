"""Compare exported files with what was trained."""
