"""Choose what is scored of many held-out files."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.evaluation.split import SourceFile

# A base below this is scored on every file, whole, up to so much text.
SMALL_BASE_BYTES, SMALL_BASE_CHARACTERS = 50_000_000, 200_000
# Above: about 11,000 tokens; half a minute of two cores for a base of half a billion parameters.
MOST_FILES = 20
CHARACTERS = 36_000


@dataclass(frozen=True, slots=True)
class Sample:
    """The scored files, out of how many; `characters` of each at most, 0 for whole files."""

    files: tuple[SourceFile, ...]
    of: int
    characters: int

    @property
    def is_part(self) -> bool:
        """Whether something is left out."""
        return self.characters > 0


def sample_files(held_out: Sequence[SourceFile], base_bytes: int) -> Sample:
    """What is scored with a base of this size; the choice depends on the paths alone."""
    characters = sum(len(file.text) for file in held_out)
    if base_bytes < SMALL_BASE_BYTES and characters <= SMALL_BASE_CHARACTERS:
        return Sample(tuple(held_out), len(held_out), 0)
    files = beginnings(held_out, MOST_FILES, CHARACTERS)
    return Sample(files, len(held_out), CHARACTERS // max(1, len(files)))


def beginnings(
    files: Sequence[SourceFile], most_files: int, characters: int
) -> tuple[SourceFile, ...]:
    """The beginnings of some files, so many characters together; the paths alone decide which."""
    drawn = sorted(file.path for file in files)
    chosen = set(sorted(drawn, key=_draw)[:most_files])
    most = characters // max(1, len(chosen))
    return tuple(
        SourceFile(file.path, _beginning(file.text, most)) for file in files if file.path in chosen
    )


def in_drawn_order(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files in the order in which they are drawn: any first few of them are a sample."""
    return sorted(files, key=lambda file: _draw(file.path))


def _beginning(text: str, most: int) -> str:
    """Whole lines from the start, as far as they fit; a longer first line is cut."""
    if len(text) <= most:
        return text
    part = text[:most]
    return part[: part.rfind("\n") + 1] or part


def _draw(path: str) -> bytes:
    return hashlib.blake2b(b"sample " + path.encode(), digest_size=8).digest()
