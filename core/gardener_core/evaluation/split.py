"""Split files for training and measuring."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.errors import NothingToLearn

HELD_OUT_SHARE = 1 / 6
FEWEST_FILES = 6
FEWEST_HELD_OUT = 2
LONGEST_CHARACTERS = (
    400_000  # one generated file would outweigh the rest, and take minutes to score
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file of a project; the path is relative and has slashes."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """The files to train on, those to measure on, and how many were too large."""

    train: tuple[SourceFile, ...]
    held_out: tuple[SourceFile, ...]
    left_out: int


def split_files(files: Sequence[SourceFile]) -> Split:
    """Split by file, before anything else is done with the text.

    The side depends on the path alone, so a retrained project keeps its held-out files.
    """
    usable = [file for file in files if file.text.strip() and len(file.text) <= LONGEST_CHARACTERS]
    by_draw = sorted(usable, key=lambda file: _draw(file.path))
    held_out = {file.path for file in by_draw if _draw(file.path) < HELD_OUT_SHARE}
    if len(usable) >= FEWEST_FILES:
        held_out |= {file.path for file in by_draw[:FEWEST_HELD_OUT]}
    if len(held_out) < FEWEST_HELD_OUT:
        raise too_small(f"{len(usable)} text files")
    return Split(
        train=tuple(file for file in usable if file.path not in held_out),
        held_out=tuple(file for file in usable if file.path in held_out),
        left_out=sum(len(file.text) > LONGEST_CHARACTERS for file in files),
    )


def _draw(path: str) -> float:
    digest = hashlib.blake2b(path.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def too_small(found: str) -> NothingToLearn:
    """The error of a project that has too little."""
    return NothingToLearn(
        f"The project is too small to train on: {found}.",
        hint=f"It takes {FEWEST_FILES} text files, some of them of a few hundred lines: "
        f"most to learn from, {FEWEST_HELD_OUT} or more to measure on.",
    )
