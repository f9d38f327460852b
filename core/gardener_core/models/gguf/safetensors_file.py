"""Read a safetensors file tensor by tensor."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy

from gardener_core.errors import Damaged, ModelUnfit
from gardener_core.models.gguf.layout import Matrix

_NUMBERS = {"F32": "<f4", "F16": "<f2", "F64": "<f8", "BF16": "<u2"}
_LARGEST_HEADER = 100_000_000


def read_tensors(path: Path) -> Iterator[tuple[str, Matrix]]:
    """Every tensor as f32 by its name, one at a time; numpy itself has no bf16."""
    entries, start = _entries(path)
    with path.open("rb") as file:
        for name, entry in sorted(entries.items()):
            file.seek(start + entry["data_offsets"][0])
            kind, shape = entry["dtype"], entry["shape"]
            numbers = numpy.fromfile(file, _NUMBERS[kind], math.prod(shape))
            if numbers.size < math.prod(shape):
                raise _torn(path, f"{name} is cut off")
            if kind == "BF16":
                numbers = (numbers.astype("<u4") << 16).view("<f4")
            yield name, numbers.astype(numpy.float32, copy=False).reshape(shape)


def tensor_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor, in the order in which they are read."""
    entries, _ = _entries(path)
    return {name: tuple(entry["shape"]) for name, entry in sorted(entries.items())}


def _entries(path: Path) -> tuple[Mapping[str, Mapping[str, Any]], int]:
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= _LARGEST_HEADER:
                raise ValueError("it does not begin like one")
            header = json.loads(file.read(length))
            size = file.seek(0, 2)
        entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
        end = max((entry["data_offsets"][1] for entry in entries.values()), default=0)
        unknown = {entry["dtype"] for entry in entries.values()} - _NUMBERS.keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise _torn(path, str(problem)) from None
    if size < 8 + length + end:
        raise _torn(path, f"it has {size:,} of {8 + length + end:,} bytes")
    if unknown:
        raise ModelUnfit(
            f"{path.name} holds {min(unknown)} numbers.", hint="Save it as bf16 or f32."
        )
    return entries, 8 + length


def _torn(path: Path, problem: str) -> Damaged:
    return Damaged(f"{path} cannot be read: {problem}.", hint="Make it again.")
