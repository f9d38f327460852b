"""Read the header of a safetensors file."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gardener_core.system.files.regular import open_regular

LARGEST_HEADER = 10_000_000
MOST_TENSORS = 20_000
BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1}


@dataclass(frozen=True, slots=True)
class TensorHeader:
    """A tensor as its file describes it."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


def read_safetensors_header(path: Path) -> Mapping[str, TensorHeader]:
    """Every tensor of a file whose length is as its header says; a ValueError tells what is wrong.

    Nothing but the header is read.
    """
    with open_regular(path) as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= LARGEST_HEADER:
            raise ValueError("it does not begin like a safetensors file")
        fields = json.loads(file.read(length))
        size = file.seek(0, 2) - 8 - length
    if not isinstance(fields, dict) or len(fields) > MOST_TENSORS:
        raise ValueError("its header is no table of tensors")
    tensors, ends = {}, [0]
    for name, part in fields.items():
        if name != "__metadata__":
            tensors[str(name)] = tensor = _tensor(part)
            begin, end = (int(at) for at in part["data_offsets"])
            if end - begin != tensor.size * BYTES[tensor.dtype]:
                raise ValueError(f"{name} has {end - begin:,} bytes for a shape of {tensor.shape}")
            ends.append(end)
    if max(ends) != size:
        raise ValueError(f"it has {size:,} of {max(ends):,} bytes of tensors")
    return tensors


def _tensor(part: object) -> TensorHeader:
    if not isinstance(part, dict) or part.get("dtype") not in BYTES:
        raise ValueError("its header names a kind of number that is not known")
    shape = part["shape"]
    if not isinstance(shape, list) or not all(type(one) is int and one >= 0 for one in shape):
        raise ValueError("its header has a shape that is none")
    return TensorHeader(str(part["dtype"]), tuple(shape))
