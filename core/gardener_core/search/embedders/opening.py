"""Open the chosen embedder."""

import hashlib
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never, cast

from gardener_core.errors import EmbedderMissing, ModelUnfit, Remedy
from gardener_core.models.encoders.child import ChildEncoder
from gardener_core.models.encoders.encoder import Pooling
from gardener_core.models.encoders.folder import EncoderFolder, read_encoder_folder
from gardener_core.models.encoders.llama import LlamaEncoder
from gardener_core.models.encoders.nomic_local import CONTEXT, MODEL, missing_parts, model_file
from gardener_core.models.encoders.ollama import OllamaEncoder
from gardener_core.models.gguf.header import read_gguf_header
from gardener_core.models.model import OllamaModel
from gardener_core.models.ollama.client import Ollama
from gardener_core.search.embedders.cached import CachedEmbedder
from gardener_core.search.embedders.choice import DIGEST_LENGTH, STATIC, EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.neural import NeuralEmbedder, choice_suffix
from gardener_core.search.embedders.recipes import Recipe, max_characters, recipe_for, with_settings
from gardener_core.search.embedders.static import load_static
from gardener_core.store.caches.digests import DigestTable
from gardener_core.store.caches.vectors import VectorCache
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.hardware import usable_cores
from gardener_core.system.places import Places

LOG_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class EmbedderAccess:
    """The places of files, and whether code may leave this machine."""

    places: Places
    code_may_leave: bool
    environment: Mapping[str, str]

    @classmethod
    def of_user(cls, places: Places, code_may_leave: bool) -> "EmbedderAccess":
        """With the environment of this process."""
        return cls(places, code_may_leave, os.environ)

    def new_log(self) -> Path:
        """A log file for one process; old ones are deleted."""
        folder = make_folder(self.places.embedder_logs)
        for old in folder.glob("*.log"):
            if time.time() - old.stat().st_mtime > LOG_SECONDS:
                old.unlink(missing_ok=True)
        return folder / f"{os.getpid()}-{secrets.token_hex(4)}.log"


def open_embedder(choice: EmbedderChoice, access: EmbedderAccess) -> Embedder:
    """The embedder, ready to use; raises what is missing for it."""
    if choice.kind == "static":
        if choice.wanted != STATIC:
            raise EmbedderMissing(
                f"This program has no embedder {choice.wanted}.", hint=f"It has {STATIC}."
            )
        return load_static()
    return CachedEmbedder(_neural(choice, access), VectorCache(access.places.vectors))


def _neural(choice: EmbedderChoice, access: EmbedderAccess) -> NeuralEmbedder:
    match choice.kind:
        case "ollama":
            return _ollama(choice, access)
        case "gguf":
            return _gguf(choice, access)
        case "folder":
            return _folder(choice, access)
        case "nomic":
            return _nomic(choice, access)
        case "static":
            raise AssertionError("the static embedder has no model")
        case never:
            assert_never(never)


def name_of(choice: EmbedderChoice, access: EmbedderAccess) -> str:
    """The name that the embedder would have; its model is not loaded."""
    match choice.kind:
        case "ollama":
            _, model = _ollama_model(choice, access)
            name = f"ollama:{choice.what}@{model.digest[:DIGEST_LENGTH]}"
        case "gguf":
            name = f"gguf:{choice.path.name}@{_digest([choice.path], access)}"
        case "folder":
            files = sorted(path for path in choice.path.rglob("*") if path.suffix in _DECIDING)
            name = f"folder:{choice.path.name}@{_digest(files, access)}"
        case "nomic":
            hosted = choice.what == "hosted"
            model_is = MODEL if hosted else _digest([model_file()], access)
            name = f"nomic:{choice.what}@{model_is}"
        case "static":
            return STATIC
        case never:
            assert_never(never)
    return name + choice_suffix(choice)


def sends_code_away(choice: EmbedderChoice, access: EmbedderAccess) -> bool:
    """Whether it sends texts to another machine."""
    if choice.kind == "nomic":
        return choice.what == "hosted"
    if choice.kind != "ollama":
        return False
    server, model = _ollama_model(choice, access)
    return bool(model.remote) or not server.is_here


def _ollama(choice: EmbedderChoice, access: EmbedderAccess) -> NeuralEmbedder:
    server, model = _ollama_model(choice, access)
    return NeuralEmbedder(
        name_of(choice, access),
        choice,
        OllamaEncoder(server, model),
        recipe_for((model.name, model.family), Recipe()),
        max_characters(server.longest_context(model.name)),
    )


def _ollama_model(choice: EmbedderChoice, access: EmbedderAccess) -> tuple[Ollama, OllamaModel]:
    server = Ollama.of(access.environment)
    if not server.is_here:
        _require_permission(access, f"Ollama at {server.address} is another machine")
    model = server.find(choice.what)
    if model.remote:
        _require_permission(access, f"{model.name} runs at {model.remote}")
    return server, model


def _gguf(choice: EmbedderChoice, access: EmbedderAccess) -> NeuralEmbedder:
    header = read_gguf_header(choice.path)
    otherwise = Recipe(pooling=cast(Pooling, header.pooling)) if header.pooling else Recipe()
    recipe = recipe_for(header.names, otherwise)
    pooling = with_settings(recipe, choice).pooling
    return NeuralEmbedder(
        name_of(choice, access),
        choice,
        LlamaEncoder(header, pooling, access.new_log(), usable_cores()),
        recipe,
        max_characters(header.context),
    )


def _folder(choice: EmbedderChoice, access: EmbedderAccess) -> NeuralEmbedder:
    folder = read_encoder_folder(choice.path)
    recipe = _own_recipe(folder)
    asked = {
        "path": str(folder.path.absolute()),
        "pooling": with_settings(recipe, choice).pooling,
        "threads": usable_cores(),
    }
    return NeuralEmbedder(
        name_of(choice, access),
        choice,
        ChildEncoder("transformers_model", asked, access.new_log()),
        recipe,
        max_characters(folder.context),
    )


_DECIDING = frozenset({".json", ".txt", ".safetensors", ".model"})


def _own_recipe(folder: EncoderFolder) -> Recipe:
    """The recipe from the model's own files, else by its names."""
    recipe = recipe_for(folder.names, Recipe())
    if folder.pooling:
        recipe = replace(recipe, pooling=cast(Pooling, folder.pooling))
    if folder.query_prefix is not None:
        recipe = replace(recipe, query_prefix=folder.query_prefix)
    if folder.document_prefix is not None:
        recipe = replace(recipe, document_prefix=folder.document_prefix)
    return recipe


def _nomic(choice: EmbedderChoice, access: EmbedderAccess) -> NeuralEmbedder:
    hosted = choice.what == "hosted"
    if hosted:
        _require_permission(access, "The service of nomic is another machine")
    elif missing := missing_parts():
        raise EmbedderMissing(
            f"nomic cannot embed here, it lacks {missing}.",
            hint="Install them by hand, or use Ollama: ollama:nomic-embed-text",
        )
    return NeuralEmbedder(
        name_of(choice, access),
        choice,
        ChildEncoder("nomic_model", {"hosted": hosted}, access.new_log()),
        Recipe(),  # the package adds its own prefixes
        max_characters(CONTEXT),
    )


def _require_permission(access: EmbedderAccess, why: str) -> None:
    if not access.code_may_leave:
        raise EmbedderMissing(
            f"{why}, and code may not leave this one.",
            remedy=Remedy("let code leave"),
        )


def _digest(paths: Sequence[Path], access: EmbedderAccess) -> str:
    """A digest of a model's files; each file is read once and cached."""
    table = DigestTable(access.places.vectors)
    together = hashlib.sha256()
    try:
        for path in paths:
            known = table.get(path)
            if not known:
                with path.open("rb") as file:
                    known = hashlib.file_digest(file, "sha256").hexdigest()
                table.put(path, known)
            together.update(known.encode())
    except OSError as problem:
        raise ModelUnfit(f"{problem.filename} cannot be read: {problem.strerror}.") from None
    return together.hexdigest()[:DIGEST_LENGTH]
