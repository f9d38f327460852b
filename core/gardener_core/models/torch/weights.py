"""Write weights one tensor at a time."""

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy
import torch
from numpy.typing import NDArray

Bf16Bits = NDArray[numpy.int16]
_BF16_BYTES = 2


@contextmanager
def writing_weights(path: Path, shapes: Mapping[str, Sequence[int]]) -> Iterator[BinaryIO]:
    """A safetensors file of bf16 tensors, whose numbers are to be written in the order of names.

    The library itself would take all tensors at once.
    """
    fields: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name in sorted(shapes):
        start, end = end, end + math.prod(shapes[name]) * _BF16_BYTES
        fields[name] = {"dtype": "BF16", "shape": list(shapes[name]), "data_offsets": [start, end]}
    header = json.dumps(fields, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        yield file


def bf16_bits(numbers: NDArray[numpy.float32]) -> Bf16Bits:
    """The numbers rounded to bf16, which numpy itself does not have."""
    bits: Bf16Bits = torch.from_numpy(numbers).to(torch.bfloat16).view(torch.int16).numpy()
    return bits
