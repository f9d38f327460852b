"""A folder that runs on another machine."""
