"""What an adapter has learned from, kept beside it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.training.retraining.lines import LineDigest

FILE = "learned.json"
FORMAT = 1
PieceState = Literal["read", "unread", "hidden"]
_STATES: tuple[PieceState, ...] = ("unread", "read", "hidden")
LARGEST_BYTES = 400_000_000


@dataclass(frozen=True, slots=True)
class LearnedPiece:
    """A piece of code that a run could learn from, and whether its rows held it.

    Code outside of symbols has no symbol. A piece with a hidden secret or address is `hidden`: its
    lines are not those of the file, so it is never compared.
    """

    symbol: str
    digest: LineDigest
    state: PieceState


@dataclass(frozen=True, slots=True)
class LearnedFile:
    """A file as the run saw it; one that was held out has no pieces.

    One that was left out has no digest either.
    """

    digest: str
    pieces: tuple[LearnedPiece, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What a version has learned from: at which commit, going on from which version.

    `full_steps` are those of the run that began from the base.
    """

    commit: str
    parent: str
    full_steps: int
    files: Mapping[str, LearnedFile] = field(default_factory=dict)

    @property
    def digests(self) -> frozenset[LineDigest]:
        """The pieces that are not new to it, wherever they stand."""
        return frozenset(piece.digest for _, piece in self._pieces())

    @property
    def symbols(self) -> int:
        """How many symbols it read; the code of a file outside of them counts as one."""
        return len(
            {(path, piece.symbol) for path, piece in self._pieces() if piece.state == "read"}
        )

    @property
    def read(self) -> frozenset[LineDigest]:
        """The pieces that it read."""
        return frozenset(piece.digest for _, piece in self._pieces() if piece.state == "read")

    def _pieces(self) -> Iterator[tuple[str, LearnedPiece]]:
        return ((path, piece) for path, file in self.files.items() for piece in file.pieces)


def write_learned(folder: Path, learned: Learned) -> None:
    """Keep the record in the folder of an adapter."""
    fields = {
        "format": FORMAT,
        "commit": learned.commit,
        "parent": learned.parent,
        "full_steps": learned.full_steps,
        "files": {
            path: {
                "digest": file.digest,
                "pieces": [
                    [
                        piece.symbol,
                        piece.digest.lines,
                        piece.digest.value,
                        _STATES.index(piece.state),
                    ]
                    for piece in file.pieces
                ],
            }
            for path, file in learned.files.items()
        },
    }
    write_whole(folder / FILE, json.dumps(fields, ensure_ascii=False).encode())


def read_learned(folder: Path) -> Learned | None:
    """The record of an adapter; None of an older program's, or where it cannot be read."""
    try:
        fields = read_object(folder / FILE, LARGEST_BYTES)
        return Learned(
            str(fields["commit"]),
            str(fields["parent"]),
            int(fields["full_steps"]),
            {
                str(path): LearnedFile(
                    str(file["digest"]),
                    tuple(
                        LearnedPiece(
                            str(symbol), LineDigest(int(lines), int(value)), _STATES[state]
                        )
                        for symbol, lines, value, state in file["pieces"]
                    ),
                )
                for path, file in fields["files"].items()
            },
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
