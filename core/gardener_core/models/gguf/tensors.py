"""Read the tensors of a GGUF file."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import gguf
import numpy
from numpy.typing import NDArray

from gardener_core.errors import ModelUnfit
from gardener_core.models.gguf.header import GgufFacts, TensorEntry
from gardener_core.models.gguf.layout import Matrix
from gardener_core.models.gguf.quants import bytes_of

_NUMBERS_AT_ONCE = 4_000_000
_BYTES_AT_ONCE = 16_000_000


def read_tensor(path: Path, facts: GgufFacts, name: str) -> Matrix:
    """A whole tensor, dequantised."""
    entry = facts.tensors[name]
    with path.open("rb") as file:
        rows = list(dequantised_rows(file, facts.data_start, entry))
    return numpy.concatenate(rows).reshape(entry.shape)


def raw_parts(
    file: BinaryIO, data_start: int, entry: TensorEntry
) -> Iterator[NDArray[numpy.uint8]]:
    """The bytes of a tensor as they stand in the file."""
    rest = bytes_of(entry.size, entry.kind)
    file.seek(data_start + entry.offset)
    while rest:
        part = numpy.fromfile(file, numpy.uint8, min(rest, _BYTES_AT_ONCE))
        if not part.size:
            raise ModelUnfit(f"{file.name} is cut off.", hint="Take a whole GGUF file.")
        yield part
        rest -= part.size


def dequantised_rows(
    file: BinaryIO, data_start: int, entry: TensorEntry, numbers_at_once: int = _NUMBERS_AT_ONCE
) -> Iterator[Matrix]:
    """The rows of a tensor in order, dequantised, as many at once as take little memory."""
    width = entry.shape[-1] if entry.shape else 1
    try:
        kind = gguf.GGMLQuantizationType(entry.kind)
        block_numbers, block_bytes = gguf.GGML_QUANT_SIZES[kind]
        row_bytes = width // block_numbers * block_bytes
        file.seek(data_start + entry.offset)
        rest = entry.size // width if width else 0
        while rest:
            count = min(rest, max(1, numbers_at_once // width))
            data = numpy.fromfile(file, numpy.uint8, count * row_bytes)
            rows: Matrix = gguf.quants.dequantize(data.reshape(count, row_bytes), kind)
            yield rows.reshape(count, width)
            rest -= count
    except (OSError, ValueError, KeyError, NotImplementedError) as problem:
        raise ModelUnfit(
            f"{file.name} holds a tensor that cannot be read: {problem}.",
            hint="Take a whole GGUF file, of one of the usual quantisations.",
        ) from None
