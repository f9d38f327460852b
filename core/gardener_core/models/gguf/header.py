"""Read the header of a GGUF file."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from gardener_core.errors import ModelMissing, ModelUnfit
from gardener_core.models.model import GgufModel

MAGIC = b"GGUF"
OLDEST, NEWEST = 2, 3
LONGEST_TEXT = 10_000_000
MOST_ENTRIES = 100_000
MOST_DIMENSIONS = 8
_POOLINGS = {1: "mean", 2: "cls", 3: "last"}
_PLAIN = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q",
          11: "<q", 12: "<d"}  # fmt: skip
_TEXT, _LIST = 8, 9
_ALIGNMENT = 32  # of a file that tells none


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """Where a file keeps a tensor; `offset` counts from where its data begin.

    The shape has the rows first, as in transformers; `kind` is the number of its quantisation.
    """

    shape: tuple[int, ...]
    kind: int
    offset: int

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class GgufFacts:
    """The plain values of a header, the lengths of its lists, and its table of tensors.

    `spans` says where each key with its value begins and ends in the file.
    """

    values: Mapping[str, Any]
    lengths: Mapping[str, int]
    tensors: Mapping[str, TensorEntry]
    data_start: int
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def alignment(self) -> int:
        """What the places of tensors are multiples of."""
        return int(self.values.get("general.alignment", _ALIGNMENT))


def read_gguf_facts(path: Path) -> GgufFacts:
    """Read a header; an error in words for a file that has none."""
    try:
        with path.open("rb") as file:
            return _facts(file)
    except FileNotFoundError:
        raise ModelMissing(f"There is no file {path}.", hint="Check the path.") from None
    except (OSError, ValueError, struct.error, UnicodeDecodeError) as problem:
        raise ModelUnfit(
            f"{path} cannot be read as a GGUF: {problem}.", hint="Take a whole GGUF file."
        ) from None


def stamp_of(path: Path) -> tuple[int, int]:
    """Size and time of a file, by which what was read of it is known; zeros where it is gone."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def read_gguf_header(path: Path) -> GgufModel:
    """Describe a GGUF file by its header, without loading it."""
    facts = read_gguf_facts(path).values
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


def _facts(file: BinaryIO) -> GgufFacts:
    """The items of lists, such as the vocabulary, are skipped."""
    if file.read(4) != MAGIC:
        raise ValueError("it does not begin like one")
    version = _number(file, "<I")
    if not OLDEST <= version <= NEWEST:
        raise ValueError(f"its version is {version}")
    tensors, count = int(_number(file, "<Q")), int(_number(file, "<Q"))
    if max(tensors, count) > MOST_ENTRIES:
        raise ValueError("its header is damaged")
    values: dict[str, Any] = {}
    lengths: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        start = file.tell()
        key, kind = _text(file), int(_number(file, "<I"))
        if kind == _LIST:
            lengths[key] = _skip_list(file)
        else:
            values[key] = _value(file, kind)
        spans[key] = start, file.tell()
    entries = dict(_tensor(file) for _ in range(tensors))
    alignment = values.get("general.alignment", _ALIGNMENT)
    if not isinstance(alignment, int) or alignment < 1:
        raise ValueError("its header is damaged")
    return GgufFacts(values, lengths, entries, -(-file.tell() // alignment) * alignment, spans)


def _tensor(file: BinaryIO) -> tuple[str, TensorEntry]:
    name, dimensions = _text(file), int(_number(file, "<I"))
    if dimensions > MOST_DIMENSIONS:
        raise ValueError("its header is damaged")
    widths = [int(_number(file, "<Q")) for _ in range(dimensions)]
    kind, offset = int(_number(file, "<I")), int(_number(file, "<Q"))
    return name, TensorEntry(tuple(reversed(widths)), kind, offset)


def _value(file: BinaryIO, kind: int) -> Any:
    return _text(file) if kind == _TEXT else _number(file, _form(kind))


def _skip_list(file: BinaryIO) -> int:
    """Pass over a list; returns its length."""
    inner, count = int(_number(file, "<I")), int(_number(file, "<Q"))
    if inner == _TEXT:
        for _ in range(count):
            file.seek(_length(file), 1)
    elif inner == _LIST:
        raise ValueError("it holds lists of lists")
    else:
        file.seek(count * struct.calcsize(_form(inner)), 1)
    return count


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
