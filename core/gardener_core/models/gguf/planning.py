"""Plan which format each tensor of a new GGUF has."""

import math
from collections.abc import Set
from dataclasses import dataclass

from gardener_core.models.gguf.header import GgufFacts, TensorEntry
from gardener_core.models.gguf.quants import (
    BLOCKS,
    QUANTS,
    ROUNDED,
    Quant,
    bits_a_number,
    bytes_of,
)

# llama.cpp reads these as they are.
_NEVER_ROUNDED = ("position_embd.weight", "rope_freqs.weight")
_HEAD, _EMBEDDING = "output.weight", "token_embd.weight"
_F32, _F16, _Q8_0 = QUANTS["f32"].kind, QUANTS["f16"].kind, QUANTS["q8_0"].kind


@dataclass(frozen=True, slots=True)
class PlannedTensor:
    """A tensor of a new file: its shape with the rows first, its format and its bytes."""

    name: str
    shape: tuple[int, ...]
    kind: int

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """How many bytes it takes."""
        return bytes_of(self.size, self.kind)


def plan_tensors(
    facts: GgufFacts, quant: Quant, changed: Set[str] | None = None
) -> list[PlannedTensor]:
    """The tensors of a file in this format, made from another file.

    What is not among the `changed` stays as it is where it is as small; None changes all.
    """
    head = _HEAD if _HEAD in facts.tensors else _EMBEDDING
    return [
        PlannedTensor(
            name,
            entry.shape,
            _kind(name, entry, quant, changed is None or name in changed, name == head),
        )
        for name, entry in facts.tensors.items()
    ]


def _kind(name: str, entry: TensorEntry, quant: Quant, is_changed: bool, is_head: bool) -> int:
    if len(entry.shape) < 2 or name in _NEVER_ROUNDED:
        return _F32
    wanted = QUANTS[quant].kind
    if quant not in ROUNDED:
        return wanted
    if is_head:  # what every token is chosen by; llama.cpp keeps it finer, too
        wanted = _Q8_0
    if not is_changed and entry.kind in BLOCKS and _is_smaller(entry.kind, wanted):
        return entry.kind
    return _F16 if entry.shape[-1] % BLOCKS[wanted][0] else wanted


def _is_smaller(kind: int, than: int) -> bool:
    return bits_a_number(kind) <= bits_a_number(than)
