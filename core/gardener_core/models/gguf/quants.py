"""The number formats that a GGUF is written in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from gardener_core.errors import BadInput

Quant = Literal["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0"]
# Numbers and bytes of a block, by ggml's number of the format.
BLOCKS: Mapping[int, tuple[int, int]] = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    20: (32, 18), 23: (256, 136), 28: (1, 8), 30: (1, 2),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuantFormat:
    """A format: `kind` is ggml's number of it, `file_type` what the header of such a file says."""

    kind: int
    file_type: int

    @property
    def block(self) -> int:
        """How many numbers of a row are written together."""
        return BLOCKS[self.kind][0]


QUANTS: Mapping[Quant, QuantFormat] = {
    "f32": QuantFormat(0, 0),
    "f16": QuantFormat(1, 1),
    "bf16": QuantFormat(30, 32),
    "q8_0": QuantFormat(8, 7),
    "q5_1": QuantFormat(7, 9),
    "q5_0": QuantFormat(6, 8),
    "q4_1": QuantFormat(3, 3),
    "q4_0": QuantFormat(2, 2),
}
# Those that round to a few bits a number, the largest first.
ROUNDED: tuple[Quant, ...] = ("q8_0", "q5_1", "q5_0", "q4_1", "q4_0")


def quant_named(name: str) -> Quant:
    """The format of this name, in any case of letters."""
    for quant in get_args(Quant):
        if name.lower() == quant:
            return quant  # type: ignore[no-any-return]
    raise BadInput(
        f"{name!r} is not a format that is written here.",
        hint=f"Choose one of {', '.join(get_args(Quant))}.",
    )


def bytes_of(numbers: int, kind: int) -> int:
    """How many bytes so many numbers take in a format; whole blocks."""
    block, size = BLOCKS[kind]
    return numbers // block * size


def bits_a_number(kind: int) -> float:
    """How many bits a number takes; a format that is not known counts as the widest."""
    block, size = BLOCKS.get(kind, (1, 4))
    return 8 * size / block
