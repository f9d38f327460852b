"""A tiny encoder, made once, and a server that embeds with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.ollama_double import OllamaDouble
from support.tiny_encoder import Reference, save_folder, write_gguf

from gardener_core.places import Places
from gardener_core.recall.embedders.choice import EmbedderChoice
from gardener_core.recall.embedders.embedder import Embedder
from gardener_core.recall.embedders.opening import Terms, open_embedder


@dataclass(frozen=True, slots=True)
class Tiny:
    """The same weights on each way."""

    folder: Path
    gguf: Path
    reference: Reference


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    home = tmp_path_factory.mktemp("encoder")
    folder = save_folder(home / "nomic-embed-text")
    return Tiny(folder, write_gguf(folder, home / "nomic-embed-text.gguf"), Reference(folder))


@pytest.fixture
def ollama(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    double = OllamaDouble(tiny.reference)
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    yield double
    double.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Embedder]]:
    """Opens an embedder by the words of the settings; closed at the end."""
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    open_now: list[Embedder] = []

    def open_it(wanted: str, code_may_leave: bool = False, **own: str) -> Embedder:
        terms = Terms.of_user(places, code_may_leave)
        open_now.append(open_embedder(EmbedderChoice(wanted, **own), terms))
        return open_now[-1]

    yield open_it
    for embedder in open_now:
        embedder.close()
