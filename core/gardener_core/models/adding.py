"""Describe model files for their record."""

from dataclasses import replace
from pathlib import Path

from gardener_core.errors import BadInput, ModelUnfit
from gardener_core.models.gguf.header import read_gguf_header
from gardener_core.models.model import WEIGHTS
from gardener_core.models.record import ModelFile, ModelRecord
from gardener_core.store.manifest import digest_of
from gardener_core.system.files.regular import read_object

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
# What a model and its tokenizer are loaded from; code that lies beside them is not taken.
_ENDINGS = (".safetensors", ".json", ".jinja", ".txt", ".model")
MOST_FILES = 100


def record_of_path(path: Path, name: str) -> ModelRecord:
    """A GGUF file or a transformers folder that stays where it is; every byte is read."""
    if not path.exists():
        raise BadInput(f"{path} does not exist.", hint="Name a GGUF file or a model's folder.")
    return _of_folder(path, name) if path.is_dir() else _of_gguf(path, name)


def described(record: ModelRecord, weights: Path) -> ModelRecord:
    """A record with what the model's own header or config says."""
    if record.format == "gguf":
        header = read_gguf_header(weights)
        return replace(record, architecture=header.architecture, context=header.context)
    config = _config(weights.parent)
    return replace(record, architecture=config[0], context=config[1])


def _of_gguf(path: Path, name: str) -> ModelRecord:
    header = read_gguf_header(path)
    if header.pooling:
        raise BadInput(
            f"{path} is an embedder.", hint=f"Set search.embedder to gguf:{path.absolute()}"
        )
    record = ModelRecord(
        name or path.stem.lower(), "file", "gguf", header.architecture, header.context, ()
    )
    return replace(record, files=(_where_it_is(path),))


def _of_folder(folder: Path, name: str) -> ModelRecord:
    for needed in (WEIGHTS, CONFIG, TOKENIZER):
        if not (folder / needed).is_file():
            raise BadInput(
                f"{folder} has no {needed}.",
                hint=f"A model's folder has {WEIGHTS} in one file, {CONFIG} and {TOKENIZER}.",
            )
    architecture, context = _config(folder)
    others = sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix in _ENDINGS and path.name != WEIGHTS
    )
    if len(others) > MOST_FILES:
        raise BadInput(f"{folder} holds {len(others)} files.", hint="Name a model's own folder.")
    files = tuple(_where_it_is(path) for path in (folder / WEIGHTS, *others))
    named = name or folder.absolute().name.lower()
    return ModelRecord(named, "folder", "transformers", architecture, context, files)


def _config(folder: Path) -> tuple[str, int]:
    try:
        config = read_object(folder / CONFIG)
        context = config.get("max_position_embeddings", 0)
        return str(config["model_type"]), context if type(context) is int else 0
    except (OSError, ValueError, KeyError) as problem:
        raise ModelUnfit(
            f"{folder / CONFIG} cannot be read: {problem}.", hint="Take a whole model."
        ) from None


def _where_it_is(path: Path) -> ModelFile:
    digest = digest_of(path)
    return ModelFile(
        path.name, digest.sha256, digest.bytes, digest.changed_ns, str(path.absolute())
    )
