"""Write a GGUF file tensor by tensor."""

import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

from gardener_core.models.gguf.header import MAGIC, NEWEST, GgufFacts
from gardener_core.models.gguf.planning import PlannedTensor

_U32 = 4  # ggml's number of the type of a value


@dataclass(frozen=True, slots=True)
class HeaderValues:
    """The keys and values of a header, as they stand in a file."""

    data: bytes
    count: int
    alignment: int


def copied_values(path: Path, facts: GgufFacts, changes: Mapping[str, int]) -> HeaderValues:
    """The keys and values of a file byte for byte, apart from a few numbers that change."""
    with path.open("rb") as file:
        parts = [
            _bytes_at(file, start, end)
            for key, (start, end) in facts.spans.items()
            if key not in changes
        ]
    parts += [_text(key) + struct.pack("<II", _U32, number) for key, number in changes.items()]
    return HeaderValues(b"".join(parts), len(parts), facts.alignment)


def stream_gguf(
    path: Path,
    header: HeaderValues,
    tensors: Sequence[PlannedTensor],
    parts: Iterable[tuple[int, NDArray[Any]]],
) -> Iterator[int]:
    """Write a file whose tensors come in parts, in the order of the plan; yields how many are done.

    Each part is of the tensor with that number. No more than one part is in memory.
    """
    with path.open("wb") as file:
        file.write(MAGIC + struct.pack("<IQQ", NEWEST, len(tensors), header.count))
        file.write(header.data)
        file.write(_table(tensors, header.alignment))
        _pad(file, header.alignment)
        current, written = 0, 0
        for number, part in parts:
            if number != current:
                _close(file, tensors[current], written, header.alignment)
                current, written = number, 0
            part.tofile(file)
            written += part.nbytes
            yield number
        _close(file, tensors[current], written, header.alignment)
        file.flush()
        os.fsync(file.fileno())


def _table(tensors: Sequence[PlannedTensor], alignment: int) -> bytes:
    table, offset = bytearray(), 0
    for tensor in tensors:
        table += _text(tensor.name)
        table += struct.pack("<I", len(tensor.shape))
        table += struct.pack(f"<{len(tensor.shape)}Q", *reversed(tensor.shape))
        table += struct.pack("<IQ", tensor.kind, offset)
        offset += _aligned(tensor.bytes, alignment)
    return bytes(table)


def _close(file: BinaryIO, tensor: PlannedTensor, written: int, alignment: int) -> None:
    if written != tensor.bytes:
        raise ValueError(f"{tensor.name} has {written} of {tensor.bytes} bytes")
    _pad(file, alignment)


def _pad(file: BinaryIO, alignment: int) -> None:
    file.write(bytes(_aligned(file.tell(), alignment) - file.tell()))


def _aligned(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _bytes_at(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)
