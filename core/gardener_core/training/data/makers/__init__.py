"""Make rows of each share."""
