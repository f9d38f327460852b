"""Take one file out of a downloaded archive."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO
from zlib import error as ZlibError

from gardener_core.models.sources.source import SourceFailed

PIECE_BYTES = 1 << 20
MOST_MEMBERS = 10_000
# Of an entry whose size is not known; no archive of an index is as large.
MOST_BYTES = 16 << 30


def copy_member(archive: Path, ending: str, out: BinaryIO, most: int) -> Iterator[int]:
    """Append the one member with this ending; yields the bytes of each piece.

    No name of the archive becomes a path, and no more is unpacked than the file may have.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            member = _member(opened, ending)
            if member.file_size > most:
                raise SourceFailed(
                    f"{archive.name} unpacks to {member.file_size:,} bytes; at most {most:,} fit."
                )
            with opened.open(member) as stream:
                yield from _copy(stream, out, most, archive.name)
    except (zipfile.BadZipFile, ZlibError, NotImplementedError, RuntimeError, EOFError) as problem:
        raise SourceFailed(f"{archive.name} cannot be unpacked: {problem}.") from None


def _member(opened: zipfile.ZipFile, ending: str) -> zipfile.ZipInfo:
    members = opened.infolist()
    if len(members) > MOST_MEMBERS:
        raise SourceFailed(f"{_name(opened)} has {len(members):,} members.")
    matches = [item for item in members if item.filename.endswith(ending) and not item.is_dir()]
    if len(matches) != 1:
        raise SourceFailed(f"{_name(opened)} has {len(matches)} files that end in {ending}, not 1.")
    return matches[0]


def _name(opened: zipfile.ZipFile) -> str:
    return Path(opened.filename or "").name


def _copy(stream: IO[bytes], out: BinaryIO, most: int, name: str) -> Iterator[int]:
    unpacked = 0
    while piece := stream.read(PIECE_BYTES):
        unpacked += len(piece)
        if unpacked > most:
            raise SourceFailed(f"{name} unpacks to more than it says.")
        out.write(piece)
        yield len(piece)
