"""Split files for training and measuring."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gardener_core.errors import NothingToLearn

Side = Literal["train", "dev", "held_out"]
HELD_OUT_SHARE = 1 / 6
FEWEST_FILES = 6
FEWEST_HELD_OUT = 2
DEV_SHARE = 0.05
FEWEST_FILES_FOR_DEV = 24  # below it, what stops a run early would be one file's chance
FEWEST_DEV = 2
LONGEST_CHARACTERS = (
    400_000  # one generated file would outweigh the rest, and take minutes to score
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file of a project; the path is relative and has slashes.

    A file that was seen before keeps the side that it had then.
    """

    path: str
    text: str
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """The files to train on, those to measure on, and how many were too large.

    The `dev` files tell a run when to stop; nothing is learned from them, and no figure is of them.
    """

    train: tuple[SourceFile, ...]
    held_out: tuple[SourceFile, ...]
    left_out: int
    dev: tuple[SourceFile, ...] = ()


def split_files(files: Sequence[SourceFile]) -> Split:
    """Split by file, before anything else is done with the text.

    The side of a new file depends on its path alone, so a retrained project keeps its held-out
    files.
    """
    usable = [file for file in files if file.text.strip() and len(file.text) <= LONGEST_CHARACTERS]
    by_draw = sorted(usable, key=lambda file: _draw(file.path))
    new = [file for file in by_draw if file.side is None]
    held_out = {file.path for file in by_draw if file.side == "held_out"}
    held_out |= {file.path for file in new if _draw(file.path) < HELD_OUT_SHARE}
    if len(usable) >= FEWEST_FILES:
        held_out |= set(_first(new, held_out, FEWEST_HELD_OUT))
        # Where all were seen before, some of those that were learned are measured from now on.
        held_out |= set(_first(by_draw, held_out, FEWEST_HELD_OUT))
    if len(held_out) < FEWEST_HELD_OUT:
        raise too_small(f"{len(usable)} text files")
    rest = [file for file in by_draw if file.path not in held_out]
    dev = _dev(rest, len(usable))
    return Split(
        train=tuple(f for f in usable if f.path not in held_out and f.path not in dev),
        held_out=tuple(file for file in usable if file.path in held_out),
        left_out=sum(len(file.text) > LONGEST_CHARACTERS for file in files),
        dev=tuple(file for file in usable if file.path in dev),
    )


def _first(files: Sequence[SourceFile], held_out: set[str], fewest: int) -> list[str]:
    """The files that are missing to so many, in the order of their draw."""
    missing = max(0, fewest - len(held_out))
    return [file.path for file in files if file.path not in held_out][:missing]


def _dev(files: Sequence[SourceFile], usable: int) -> set[str]:
    """The paths that a run is stopped by; none in a small project."""
    if usable < FEWEST_FILES_FOR_DEV:
        return set()
    dev = {file.path for file in files if file.side == "dev"}
    new = [file for file in files if file.side is None]
    dev |= {file.path for file in new if _draw(file.path) < HELD_OUT_SHARE + DEV_SHARE}
    return dev | set(_first(new, dev, FEWEST_DEV))


def draws_held_out(path: str) -> bool:
    """Whether a new file of this path is held out, so that nothing is learned from it."""
    return _draw(path) < HELD_OUT_SHARE


def _draw(path: str) -> float:
    digest = hashlib.blake2b(path.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def text_hash(text: str) -> str:
    """A digest of a file's text."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def too_small(found: str) -> NothingToLearn:
    """The error of a project that has too little."""
    return NothingToLearn(
        f"The project is too small to train on: {found}.",
        hint=f"It takes {FEWEST_FILES} text files, some of them of a few hundred lines: "
        f"most to learn from, {FEWEST_HELD_OUT} or more to measure on.",
    )
