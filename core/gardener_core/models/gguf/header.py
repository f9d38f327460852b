"""Read the header of a GGUF file."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from gardener_core.errors import ModelMissing, ModelUnfit
from gardener_core.models.model import GgufModel

MAGIC = b"GGUF"
OLDEST, NEWEST = 2, 3
LONGEST_TEXT = 10_000_000
MOST_ENTRIES = 100_000
_POOLINGS = {1: "mean", 2: "cls", 3: "last"}
_PLAIN = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q",
          11: "<q", 12: "<d"}  # fmt: skip
_TEXT, _LIST = 8, 9


def read_gguf_header(path: Path) -> GgufModel:
    """Describe a GGUF file by its header, without loading it."""
    try:
        with path.open("rb") as file:
            facts = _facts(file)
    except FileNotFoundError:
        raise ModelMissing(f"There is no file {path}.", hint="Check the path.") from None
    except (OSError, ValueError, struct.error, UnicodeDecodeError) as problem:
        raise ModelUnfit(
            f"{path} cannot be read as a GGUF: {problem}.", hint="Take a whole GGUF file."
        ) from None
    architecture = str(facts.get("general.architecture", ""))
    pooling = facts.get(f"{architecture}.pooling_type")
    return GgufModel(
        path=path,
        bytes=path.stat().st_size,
        architecture=architecture,
        name=str(facts.get("general.name", "")),
        context=_count(facts, f"{architecture}.context_length"),
        dimensions=_count(facts, f"{architecture}.embedding_length"),
        pooling=_POOLINGS.get(pooling, "") if isinstance(pooling, int) else "",
    )


def _count(facts: Mapping[str, Any], key: str) -> int:
    value = facts.get(key, 0)
    return value if isinstance(value, int) else 0


def _facts(file: BinaryIO) -> dict[str, Any]:
    """The plain values by name; lists, such as the vocabulary, are skipped."""
    if file.read(4) != MAGIC:
        raise ValueError("it does not begin like one")
    version = _number(file, "<I")
    if not OLDEST <= version <= NEWEST:
        raise ValueError(f"its version is {version}")
    _number(file, "<Q")  # tensors
    count = int(_number(file, "<Q"))
    if count > MOST_ENTRIES:
        raise ValueError("its header is damaged")
    facts = {}
    for _ in range(count):
        key = _text(file)
        facts[key] = _value(file, int(_number(file, "<I")))
    return facts


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _TEXT:
        return _text(file)
    if kind != _LIST:
        return _number(file, _form(kind))
    inner, count = int(_number(file, "<I")), int(_number(file, "<Q"))
    if inner == _TEXT:
        for _ in range(count):
            file.seek(_length(file), 1)
    elif inner == _LIST:
        raise ValueError("it holds lists of lists")
    else:
        file.seek(count * struct.calcsize(_form(inner)), 1)
    return None


def _form(kind: int) -> str:
    if kind not in _PLAIN:
        raise ValueError(f"it holds values of the unknown kind {kind}")
    return _PLAIN[kind]


def _number(file: BinaryIO, form: str) -> Any:
    return struct.unpack(form, file.read(struct.calcsize(form)))[0]


def _text(file: BinaryIO) -> str:
    return file.read(_length(file)).decode("utf-8", "replace")


def _length(file: BinaryIO) -> int:
    length = int(_number(file, "<Q"))
    if length > LONGEST_TEXT:
        raise ValueError("its header is damaged")
    return length
