"""Continue code with a base model and an adapter."""

import time
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import AdapterMissing
from gardener_core.events.answer import Completed
from gardener_core.models.gguf.rebuild import rebuild_adapter_gguf, rebuild_base_gguf
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.models.tokens import TextTokens
from gardener_core.store.garden.adapter_files import GGUF, adapter_state, require_whole
from gardener_core.system.hardware import usable_cores
from gardener_core.system.places import Places


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A running llama.cpp and its models; the adapter is on or off in each request."""

    base: str
    adapter: Path | None
    tokens: TextTokens
    llama: Llama


class Completer:
    """Keeps one base and adapter loaded, and loads another pair on demand."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._models = ModelStore(places)
        self._loaded: _Loaded | None = None

    def complete(
        self, project: str, base: str, adapter: str, prefix: str, tokens: int
    ) -> Completed:
        """Continue a prefix greedily, with the adapter or with the base alone."""
        started = time.perf_counter()
        model = self._models.get(base)
        file = self._adapter_file(project, adapter, model) if adapter else None
        loaded = self._ready(model, file)
        scales = [] if loaded.adapter is None else [1.0 if adapter else 0.0]
        done = loaded.llama.complete(loaded.tokens.encode(prefix), scales, tokens)
        seconds = round(time.perf_counter() - started, 4)
        return Completed(done.text, adapter, len(done.ids), seconds)

    def close(self) -> None:
        """End llama.cpp."""
        if self._loaded:
            self._loaded.llama.close()
            self._loaded = None

    def _ready(self, model: BaseModel, adapter: Path | None) -> _Loaded:
        held = self._loaded
        fits = held and held.base == model.sha256 and adapter in (None, held.adapter)
        if held and fits and held.llama.alive():
            return held
        self.close()
        llama = Llama(
            model.gguf if model.has_gguf else rebuild_base_gguf(model),
            [] if adapter is None else [adapter],
            self._places.data / "llama.log",
            threads=usable_cores(),
            context=model.context,
        )
        self._loaded = _Loaded(model.sha256, adapter, TextTokens(model.folder), llama)
        return self._loaded

    def _adapter_file(self, project: str, version: str, base: BaseModel) -> Path:
        """The adapter's GGUF, rebuilt from its other files where it is not whole."""
        folder = self._places.adapters(project) / version
        if not folder.is_dir():
            raise AdapterMissing(
                f"The files of adapter {version} are not there.", hint="Train a new one."
            )
        require_whole(folder, version, "NAME")
        if adapter_state(folder, thorough=False).gguf:
            rebuild_adapter_gguf(folder, base.name)
        return folder / GGUF
