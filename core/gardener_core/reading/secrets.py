"""Files that are never read, since they hold secrets."""

from fnmatch import fnmatchcase
from pathlib import PurePosixPath

NEVER = (
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    ".npmrc",
    ".pypirc",
    "credentials",
    "credentials.json",
    "kubeconfig",
)


def holds_secrets(path: str) -> bool:
    """Whether the name alone says that the file must not be indexed or trained on."""
    name = PurePosixPath(path).name.lower()
    return any(fnmatchcase(name, pattern) for pattern in NEVER)
