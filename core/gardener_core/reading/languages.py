"""Which language a file is written in."""

from collections.abc import Mapping
from pathlib import PurePosixPath

TEXT = "text"

BY_SUFFIX: Mapping[str, str] = {
    ".py": "python",
    ".pyi": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".tsx": "tsx",
    ".java": "java",
    ".go": "go",
    ".rs": "rust",
    ".c": "c",
    ".h": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".hpp": "cpp",
    ".rb": "ruby",
    ".md": "markdown",
    ".rst": "restructuredtext",
    ".toml": "toml",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".sh": "shell",
    ".css": "css",
    ".tcss": "css",
    ".html": "html",
    ".sql": "sql",
}


def language_of(path: str) -> str:
    """The language by the file's suffix; anything else is text."""
    return BY_SUFFIX.get(PurePosixPath(path).suffix.lower(), TEXT)
