"""List the embedders that can be chosen."""

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from gardener_core.errors import OLLAMA_ERRORS, GardenError
from gardener_core.models.encoders.folder import read_encoder_folder
from gardener_core.models.encoders.nomic_local import CONTEXT, missing_parts, model_file
from gardener_core.models.gguf.header import read_gguf_header
from gardener_core.models.model import OllamaModel, abilities
from gardener_core.models.ollama.client import Ollama
from gardener_core.search.embedders.choice import DIGEST_LENGTH, STATIC, EmbedderChoice
from gardener_core.store.project.fusion_weights import Weight

ROLE = "embedder"
AWAY = "Code may not leave this machine (search.code_may_leave)."


@dataclass(frozen=True, slots=True)
class EmbedderStatus:
    """An embedder by its name in the settings; `why` says why it cannot be used now.

    `weight` is that of its ranking beside words: as `measured` in the given project, else as
    assumed.
    """

    name: str
    format: str
    path: str
    bytes: int
    sha256: str
    context: int
    usable: bool
    why: str
    weight: float
    measured: Weight | None = None
    role: str = ROLE
    trainable: bool = False


def embedders_here(
    wanted: Collection[str], code_may_leave: bool, environment: Mapping[str, str] = os.environ
) -> list[EmbedderStatus]:
    """The built-in embedder, those of Ollama and nomic, and those that were chosen."""
    found = {status.name: status for status in _available(code_may_leave, environment)}
    for name in sorted(set(wanted) - set(found)):
        found[name] = _chosen(EmbedderChoice(name))
    return list(found.values())


def with_measured(status: EmbedderStatus, weights: Sequence[Weight]) -> EmbedderStatus:
    """The embedder with its measured weight, if there is one; weights come latest first.

    A weight belongs to an embedder's name with the digest of its model.
    """
    choice = EmbedderChoice(status.name)
    name = choice.path.name if choice.kind in ("gguf", "folder") else choice.what
    digest = status.sha256[:DIGEST_LENGTH] if choice.kind == "ollama" else ""
    for weight in weights:
        is_its = weight.embedder.startswith(f"{choice.kind}:{name}@{digest}")
        if is_its or weight.embedder == status.name:
            return replace(status, measured=weight, weight=weight.weight)
    return status


def _available(code_may_leave: bool, environment: Mapping[str, str]) -> Iterator[EmbedderStatus]:
    yield _static()
    yield from _of_ollama(code_may_leave, environment)
    missing = missing_parts()
    why = f"It lacks {missing}." if missing else ""
    size = model_file().stat().st_size if model_file().is_file() else 0
    yield _status("nomic:local", "gguf", model_file(), size, context=CONTEXT, why=why)
    why = "" if code_may_leave else AWAY
    yield _status("nomic:hosted", "service", "", 0, context=CONTEXT, why=why)


def _static() -> EmbedderStatus:
    table = Path(str(files("gardener_core.search.embedders").joinpath(f"data/{STATIC}.npz")))
    data = table.read_bytes()
    return _status(STATIC, "table", table, len(data), sha256=hashlib.sha256(data).hexdigest())


def _of_ollama(code_may_leave: bool, environment: Mapping[str, str]) -> Iterator[EmbedderStatus]:
    """The models of Ollama that embed; none without a server."""
    try:
        server = Ollama.of(environment)
        for model in server.models():
            described = server.describe(model)
            if "embed" in abilities(described):
                yield _status_on_server(server, described, code_may_leave)
    except OLLAMA_ERRORS:
        return


def _status_on_server(server: Ollama, model: OllamaModel, code_may_leave: bool) -> EmbedderStatus:
    is_away = bool(model.remote) or not server.is_here
    return _status(
        model.choice,
        "ollama",
        model.remote or server.address,
        model.bytes,
        sha256=model.digest,
        context=model.context,
        why=AWAY if is_away and not code_may_leave else "",
    )


def _chosen(choice: EmbedderChoice) -> EmbedderStatus:
    """A chosen embedder that is not among the others."""
    name = choice.wanted
    try:
        match choice.kind:
            case "gguf":
                header = read_gguf_header(choice.path)
                return _status(name, "gguf", header.path, header.bytes, context=header.context)
            case "folder":
                folder = read_encoder_folder(choice.path)
                size, context = folder.bytes, folder.context
                return _status(name, "transformers", folder.path, size, context=context)
            case "ollama":
                Ollama.of(os.environ).find(choice.what)
    except GardenError as missing:
        return _status(name, choice.kind, "", 0, why=missing.what)
    return _status(name, choice.kind, "", 0, why="It does not embed.")


def _status(
    name: str,
    format: str,
    path: Path | str,
    size: int,
    *,
    sha256: str = "",
    context: int = 0,
    why: str = "",
) -> EmbedderStatus:
    return EmbedderStatus(
        name=name,
        format=format,
        path=str(path),
        bytes=size,
        sha256=sha256,
        context=context,
        usable=not why,
        why=why,
        weight=EmbedderChoice(name).assumed_weight,
    )
