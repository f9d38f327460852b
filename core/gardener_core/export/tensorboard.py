"""Write numbers as TensorBoard reads them."""

import struct
from pathlib import Path
from types import TracebackType

# A record is its length and its bytes, each followed by a masked CRC-32C; the bytes are an `Event`
# message of TensorFlow. Six fields of it are all that a curve needs.
_POLYNOMIAL = 0x82F63B78
_MASK = 0xA282EAD8
_WALL_TIME, _STEP, _VERSION, _SUMMARY = 0x09, 0x10, 0x1A, 0x2A
_VALUE, _TAG, _NUMBER = 0x0A, 0x0A, 0x15


class ScalarFile:
    """A file of scalars by tag and step; written anew when it is opened."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(path, "wb")  # noqa: SIM115 - closed by __exit__
        self._write(_bytes_field(_VERSION, b"brain.Event:2"), 0.0)

    def __enter__(self) -> "ScalarFile":
        """Use it in a `with`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def add(self, tag: str, step: int, value: float, wall_time: float) -> None:
        """Add a number; `wall_time` is in seconds since 1970."""
        number = bytes([_NUMBER]) + struct.pack("<f", value)
        scalar = _bytes_field(_TAG, tag.encode()) + number
        summary = _bytes_field(_SUMMARY, _bytes_field(_VALUE, scalar))
        self._write(bytes([_STEP]) + _varint(step) + summary, wall_time)

    def flush(self) -> None:
        """Let a TensorBoard that is open see what was added."""
        self._file.flush()

    def _write(self, fields: bytes, wall_time: float) -> None:
        event = bytes([_WALL_TIME]) + struct.pack("<d", wall_time) + fields
        length = struct.pack("<Q", len(event))
        self._file.write(length + _checksum(length) + event + _checksum(event))


def _bytes_field(key: int, data: bytes) -> bytes:
    return bytes([key]) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _row(number: int) -> int:
    for _ in range(8):
        number = number >> 1 ^ (_POLYNOMIAL if number & 1 else 0)
    return number


_TABLE = tuple(_row(number) for number in range(256))


def crc32c(data: bytes) -> int:
    """The Castagnoli checksum, which zlib does not have."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def _checksum(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF)
