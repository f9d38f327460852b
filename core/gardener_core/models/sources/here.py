"""Find files that other programs have on this machine, by their hash."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

# Where an Ollama server keeps its blobs: a user's own, and the one that its installer sets up.
_OLLAMA = (
    Path("~/.ollama/models"),
    Path("/usr/share/ollama/.ollama/models"),
    Path("/var/lib/ollama/.ollama/models"),
)


def files_here(sha256: str, environment: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """Files whose names say that they have this hash; whether they do is for the reader to see."""
    for folder in _ollama_folders(environment):
        for name in (f"sha256-{sha256}", f"sha256:{sha256}"):
            if _is_readable(folder / "blobs" / name):
                yield folder / "blobs" / name
    with suppress(OSError):
        for repository in hub_cache(environment).glob("models--*"):
            if _is_readable(repository / "blobs" / sha256):
                yield repository / "blobs" / sha256


def hub_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of the hub's cache, as its own library finds it."""
    if named := environment.get("HF_HUB_CACHE") or environment.get("HUGGINGFACE_HUB_CACHE"):
        return Path(named).expanduser()
    home = environment.get("HF_HOME")
    if home:
        return Path(home).expanduser() / "hub"
    caches = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(caches).expanduser() / "huggingface" / "hub"


def _ollama_folders(environment: Mapping[str, str]) -> list[Path]:
    named = environment.get("OLLAMA_MODELS")
    folders = [Path(named)] if named else list(_OLLAMA)
    found = []
    for folder in folders:
        with suppress(RuntimeError):  # no home
            found.append(folder.expanduser())
    return found


def _is_readable(path: Path) -> bool:
    try:
        return path.is_file() and os.access(path, os.R_OK)
    except OSError:
        return False
