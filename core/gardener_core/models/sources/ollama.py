"""Let an Ollama server on this machine get a model."""

import os
import queue
import re
import threading
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

from gardener_core.errors import OLLAMA_ERRORS, GardenError
from gardener_core.models.catalogue.entry import CatalogueEntry, OllamaSource, SourceKind
from gardener_core.models.ollama.client import PULL_SECONDS, Ollama, PullStep
from gardener_core.models.sources.heartbeat import Heartbeat
from gardener_core.models.sources.source import Delivered, SourceFailed, Transfer, Transferred

POLL_SECONDS = 0.1
_FROM = re.compile(r"^FROM (\S.*?)\s*$", re.MULTILINE)


class OllamaServer:
    """A server pulls into its own blobs; the file is used where it lies there."""

    kind: SourceKind = "ollama"

    def __init__(
        self,
        source: OllamaSource,
        environment: Mapping[str, str] = os.environ,
        seconds: float = PULL_SECONDS,
    ) -> None:
        self._model = source.model
        self._environment = environment
        self._seconds = seconds
        self.where = source.where

    def fetch(self, entry: CatalogueEntry, box: Path) -> Transfer:
        """The blob of the model, once the server has it."""
        try:
            server = Ollama.of(self._environment)
            server.version()
            if not server.is_here:
                raise SourceFailed(f"{server.address} is another machine; its files are not here.")
            yield from into_server(server, self._model, entry.bytes, self._seconds)
            path = self._blob(server)
        except OLLAMA_ERRORS as problem:
            raise SourceFailed(problem.what) from None
        return (Delivered(entry.files[0], path, False, f"Ollama's {self._model}"),)

    def _blob(self, server: Ollama) -> Path:
        """Where the server keeps the weights, as its own description of the model says."""
        described = str(server.show(self._model).get("modelfile", ""))
        for named in _FROM.findall(described):
            path = Path(named)
            if path.is_absolute() and path.name.startswith("sha256"):
                if not path.is_file() or not os.access(path, os.R_OK):
                    raise SourceFailed(f"its file {path} cannot be read by you.")
                return path
        raise SourceFailed("it does not say where the file is.")


def into_server(
    server: Ollama, name: str, expected: int = 0, seconds: float = PULL_SECONDS
) -> Generator[Transferred, None, int]:
    """Let a server pull a model into its own blobs; gives the bytes that it had to fetch."""
    began: dict[str, int] = {}
    now: dict[str, int] = {}
    totals: dict[str, int] = {}
    for step in _read_aside(server, name, seconds):
        if step.digest and step.total:
            began.setdefault(step.digest, step.completed)
            now[step.digest], totals[step.digest] = step.completed, step.total
            yield Transferred(sum(now.values()), max(expected, sum(totals.values())))
    return sum(now.values()) - sum(began.values())


def _read_aside(server: Ollama, name: str, seconds: float) -> Iterator[PullStep]:
    """The steps of a pull, read in a thread: here they are waited for in short pieces.

    The main thread of a run carries out requests between two of its own steps. While it is paused
    nobody waits here, and the pull is ended; later it goes on from there.
    """
    heart = Heartbeat()
    steps: queue.Queue[PullStep | GardenError | None] = queue.Queue()

    def read() -> None:
        try:
            for step in server.pull(name, seconds, lambda: heart.is_stale or heart.sleep(0)):
                steps.put(step)
            steps.put(None)
        except GardenError as problem:
            steps.put(problem)

    heart.beat()
    threading.Thread(target=read, name="ollama pull", daemon=True).start()
    try:
        while True:
            heart.beat()
            try:
                step = steps.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(step, GardenError):
                raise step
            if step is None:  # it was paused
                heart.beat()
                threading.Thread(target=read, name="ollama pull", daemon=True).start()
                continue
            yield step
            if step.is_last:
                return
    finally:
        heart.end()
