"""A real Ollama server with files of its own, where the program is installed."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import ollama
import pytest

PROGRAM = "ollama"
START_SECONDS = 60.0
END_SECONDS = 20.0


def program() -> str:
    """Where Ollama is; a test is skipped where it is not installed."""
    found = shutil.which(PROGRAM)
    if not found:
        pytest.skip(f"no program `{PROGRAM}` is in PATH, so nothing was tried on a real server")
    return found


@contextmanager
def real_server(folder: Path) -> Iterator[str]:
    """A server on a free port of loopback; the user's own server and models are left alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    environment = {**os.environ, "OLLAMA_HOST": host, "OLLAMA_MODELS": str(folder / "models")}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program(), "serve"], env=environment, stdout=log, stderr=log)
    try:
        _wait_for(host, server, folder / "log")
        yield host
    finally:
        server.terminate()
        try:
            server.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def create(host: str, name: str, gguf: Path) -> None:
    """Make a model of a GGUF file: its blob first, then its name."""
    client = ollama.Client(host=host, trust_env=False)
    digest = client.create_blob(gguf)
    for step in client.create(name, files={gguf.name: digest}, stream=True):
        last = step.status
    assert last == "success"


def _wait_for(host: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(ConnectionError), suppress(ollama.ResponseError):
            ollama.Client(host=host, trust_env=False).list()
            return
        time.sleep(0.2)
    raise AssertionError(f"it did not start: {log.read_text(errors='replace')[-2000:]}")
