"""A small model that can be pulled."""

import hashlib
import random
import struct
from collections.abc import Callable

from gardener_core.models.catalogue.entry import CatalogueEntry, CatalogueFile, Source
from gardener_core.models.sources.source import Delivered, Transfer, Transferred

REPOSITORY = "maker/tiny-GGUF"


def header(**facts: str | int) -> bytes:
    """The beginning of a GGUF file with these facts and no tensors."""
    entries = b""
    for key, value in facts.items():
        name = key.replace("__", ".").encode()
        entries += struct.pack("<Q", len(name)) + name
        if isinstance(value, int):
            entries += struct.pack("<II", 4, value)
        else:
            entries += struct.pack("<IQ", 8, len(value)) + value.encode()
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(facts)) + entries


_HEADER = header(general__architecture="llama", llama__context_length=512)
DATA = _HEADER + random.Random(7).randbytes(300_000 - len(_HEADER))
SHA256 = hashlib.sha256(DATA).hexdigest()
EntryOf = Callable[..., CatalogueEntry]


def entry_of(*sources: Source, known: bool = True, data: bytes = DATA) -> CatalogueEntry:
    """An entry for the small model, with these sources."""
    sha256 = hashlib.sha256(data).hexdigest()
    file = CatalogueFile("tiny.gguf", len(data) if known else 0, sha256 if known else "")
    return CatalogueEntry(
        name="tiny",
        title="Tiny",
        maker="",
        roles=("complete",),
        format="gguf",
        licence="MIT",
        architecture="llama",
        parameters=0,
        context=0,
        files=(file,),
        sources=sources,
    )


def drain(transfer: Transfer) -> tuple[list[Transferred], tuple[Delivered, ...]]:
    """All progress, and what was delivered."""
    steps = []
    while True:
        try:
            steps.append(next(transfer))
        except StopIteration as end:
            return steps, end.value
