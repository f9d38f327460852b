"""Curves are written as TensorBoard reads them."""

import struct
from pathlib import Path

from gardener_core.export.tensorboard import ScalarFile, crc32c


def masked(data: bytes) -> int:
    """As in TensorFlow's record_writer."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) % 2**32


def records(data: bytes) -> list[bytes]:
    found = []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        assert struct.unpack("<I", data[8:12])[0] == masked(data[:8])
        event, rest = data[12 : 12 + length], data[12 + length :]
        assert struct.unpack("<I", rest[:4])[0] == masked(event)
        found.append(event)
        data = rest[4:]
    return found


def test_the_checksum_is_castagnolis() -> None:
    assert crc32c(b"123456789") == 0xE3069283


def test_a_scalar_is_an_event_with_its_time_step_tag_and_number(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "events.out.tfevents.1.gardener"
    with ScalarFile(path) as file:
        file.add("train/loss", 300, 2.5, 1000.25)
    version, scalar = records(path.read_bytes())
    assert version[9:] == b"\x1a\x0dbrain.Event:2"
    assert struct.unpack("<d", scalar[1:9])[0] == 1000.25
    assert scalar[9:12] == b"\x10\xac\x02", "300, seven bits a byte"
    value = b"\x0a\x0atrain/loss\x15" + struct.pack("<f", 2.5)
    assert scalar[12:] == b"\x2a" + bytes([len(value) + 2]) + b"\x0a" + bytes([len(value)]) + value
