"""Check whether the `nomic` package can embed on this machine."""

from importlib.util import find_spec
from pathlib import Path

MODEL = "nomic-embed-text-v1.5"
FILE = f"{MODEL}.f16.gguf"
CONTEXT = 2048


def model_file() -> Path:
    """Where gpt4all keeps the file that `nomic` asks it for."""
    return Path.home() / ".cache" / "gpt4all" / FILE


def missing_parts() -> str:
    """What is missing for it; empty where nothing is."""
    missing = []
    if find_spec("gpt4all") is None:
        missing.append("the package gpt4all")
    if not model_file().is_file():
        missing.append(f"the file {model_file()}")
    return " and ".join(missing)
