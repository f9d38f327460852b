"""Put a model on an Ollama server, try it, and make it the latest."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from gardener_core.errors import ModelUnfit, OllamaRefused
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.export.ollama.names import ModelNames
from gardener_core.models.ollama.building import ModelBuilder, NewModel
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.generation import NO_WAITS, OllamaPrompt, continue_code
from gardener_core.models.ollama.wire import never
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace

ASKED = "def read(path, limit):\n    return"
ASKED_TOKENS = 8
Work = Generator[Event, str | None, None]
Step = TypeVar("Step", int, str)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file for the server, with its sha256."""

    path: Path
    sha256: str
    bytes: int


class Delivery:
    """One model on its way to a server.

    The name that others use changes last, after the new model has answered: whatever fails before,
    what was deployed goes on.
    """

    def __init__(self, server: Ollama, names: ModelNames, interruptible: Interruptible) -> None:
        self._server = server
        self._names = names
        self._builder = ModelBuilder(server)
        self._interruptible = interruptible

    def require_free(self, version: str, ours: Sequence[str]) -> None:
        """Refuse names that somebody else's models have; `ours` are the digests of our own."""
        with self._interruptible:
            held = self._builder.digests()
        for name in (self._names.version(version), self._names.latest):
            if name in held and held[name] not in ours:
                raise OllamaRefused(
                    f"Ollama at {self._server.address} has a model {name} that was not deployed "
                    "from here.",
                    hint="Deploy under another --name, or delete that model.",
                )

    def upload(self, files: Sequence[Uploaded]) -> Work:
        """Send what the server does not have yet."""
        for file in files:
            with self._interruptible:
                has = self._builder.has_file(file.sha256)
            size = file.bytes
            if has:
                yield Noted(f"The server has {file.path.name} already.")
                yield PhaseAdvanced("uploading", size, size, "bytes")
                continue
            pace = Pace()
            yield PhaseAdvanced("uploading", 0, size, "bytes")
            for sent in self._steps(self._builder.upload(file.path, file.sha256)):
                if pace.is_due() or sent == size:
                    yield PhaseAdvanced("uploading", sent, size, "bytes")

    def create(self, model: NewModel) -> Work:
        """Let the server make the model of this version."""
        yield PhaseAdvanced("creating")
        for status in self._steps(self._builder.create(model)):
            if status:
                yield PhaseAdvanced("creating", path=status[:200])

    def digest_of(self, version: str) -> str:
        """What the server knows the model of a version by."""
        with self._interruptible:
            return self._builder.digests().get(self._names.version(version), "")

    def ask(self, name: str, context: int) -> Generator[Event, str | None, str]:
        """One question to the new model; what it answers."""
        yield PhaseAdvanced("asking")
        prompt = OllamaPrompt(name, ASKED, ASKED_TOKENS, context)
        with self._interruptible:
            pieces = list(continue_code(self._server, prompt, never, NO_WAITS))
        text = "".join(piece for piece in pieces if isinstance(piece, str))
        if not text.strip():
            raise ModelUnfit(
                f"{name} was created and answers nothing.", hint="Look into the server's log."
            )
        return text

    def make_latest(self, version: str) -> Generator[Event, str | None, tuple[str, str]]:
        """Let others use it; the digest that they get, and the name that the one before has now.

        That is empty where none was kept.
        """
        yield PhaseAdvanced("saving")
        names = self._names
        with self._interruptible:
            held = self._builder.digests()
        new = held.get(names.version(version), "")
        before = held.get(names.latest, "")
        if before and before != new:
            self._builder.copy(names.latest, names.rollback)
        kept = names.rollback if (before and before != new) or names.rollback in held else ""
        self._builder.copy(names.version(version), names.latest)
        with self._interruptible:
            now = self._builder.digests().get(names.latest, "")
        if now != new:
            raise OllamaRefused(
                f"{names.latest} has another digest than {names.version(version)}.",
                hint="Deploy it again.",
            )
        return now, kept

    def _steps(self, steps: Iterator[Step]) -> Iterator[Step]:
        """The same, interrupted wherever the server lets us wait: it is asked again later."""
        while True:
            with self._interruptible:
                step = next(steps, None)
            if step is None:
                return
            yield step


def with_adapter(model: NewModel, base: Uploaded, adapter: Uploaded) -> NewModel:
    """The same model of a base and an adapter beside it."""
    files = {base.path.name: base.sha256}
    return replace(model, files=files, adapters={adapter.path.name: adapter.sha256})
