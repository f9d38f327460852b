"""How much memory and disk a base needs."""

import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gardener_core.errors import DiskFull, MemoryShort, ModelUnfit
from gardener_core.models.families import FAMILIES
from gardener_core.models.gguf.header import GgufFacts, read_gguf_facts, stamp_of
from gardener_core.models.gguf.planning import plan_tensors
from gardener_core.models.gguf.quants import QUANTS, Quant, bits_a_number
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.served import Engine
from gardener_core.models.shape import BaseShape, shape_of
from gardener_core.system.hardware import available_bytes

# The share of what is free, and of what this program holds already, that models may use.
FREE_SHARE = 0.6

# Measured in a process of llama.cpp beside the file and the cache: 52 MB with a vocabulary of
# 49,000, 141 MB with one of 152,000.
_SERVER_BYTES = 60_000_000
_SERVER_BYTES_A_TOKEN_OF_VOCABULARY = 700
_F16, _F32 = 2, 4
SMALLEST_CONTEXT = 256

# Of a training process, measured: libraries, and for each token of a row what each layer keeps.
_LIBRARY_BYTES = 360_000_000
_BYTES_A_RANK_WEIGHT = 16  # f32: the weight, its gradient and two moments
_KEPT_A_WIDTH, _KEPT_AN_INNER_WIDTH = 31, 8.8
_FRAGMENTATION = 1.45
_UNDER_PREDICTED = 1.12  # measured: 1.69 GB where 1.48 were predicted, 3.55 where 3.24 were
_HEAD_BYTES_A_LOGIT = 8
_HEAD_TOKENS = 128
# bf16; making the folder takes less than the training itself: its largest table at a time.
_DEQUANTISED_BYTES = 2
_COMPARED_BYTES = 4  # an export is compared with f32
_LARGE_RANK = 64


@dataclass(frozen=True, slots=True)
class ServingNeed:
    """The memory that a served base takes, apart from its context, and for each token of that."""

    fixed_bytes: int
    bytes_a_token: int

    def of(self, context: int) -> int:
        """The memory with so many tokens of context."""
        return self.fixed_bytes + context * self.bytes_a_token

    def largest_context(self, budget: int) -> int:
        """The largest context that fits, in steps of 256 tokens; 0 where none does."""
        fitting = (budget - self.fixed_bytes) // self.bytes_a_token
        return max(0, fitting // SMALLEST_CONTEXT * SMALLEST_CONTEXT)


def serving_need(base: BaseModel, engine: Engine = "llama.cpp") -> ServingNeed:
    """What an engine takes for a base: the weights, its own buffers, and the cache."""
    shape = shape_of(base)
    per_token = shape.layers * shape.key_heads * (shape.key_width + shape.value_width) * _F16
    if engine == "transformers":
        weights = shape.parameters * _DEQUANTISED_BYTES
        return ServingNeed(weights + _LIBRARY_BYTES, max(1, per_token))
    file = base.gguf.stat().st_size if base.gguf.exists() else shape.parameters * 4
    own = _SERVER_BYTES + shape.vocabulary * _SERVER_BYTES_A_TOKEN_OF_VOCABULARY
    return ServingNeed(file + own, max(1, per_token))


def forecast_of(base: BaseModel, file: Path) -> ServingNeed:
    """What llama.cpp takes for another file of a base, such as one with an adapter in it."""
    need = serving_need(base)
    own = need.fixed_bytes - (base.gguf.stat().st_size if base.gguf.exists() else 0)
    return ServingNeed(file.stat().st_size + max(0, own), need.bytes_a_token)


def require_serving_memory(
    base: BaseModel, context: int, budget: int, engine: Engine = "llama.cpp"
) -> int:
    """The memory that serving takes; refused in words where it is more than the budget."""
    need = serving_need(base, engine)
    wanted, fits = need.of(context), need.largest_context(budget)
    if wanted <= budget or budget <= 0:
        return wanted
    what = (
        f"{base.name} with a context of {context:,} tokens takes {_mb(wanted)}; "
        f"{_mb(budget)} may be used for models now"
    )
    if fits >= SMALLEST_CONTEXT:
        raise MemoryShort(
            f"{what}.", hint=f"A context of {fits:,} fits: set models.context to {fits}."
        )
    raise MemoryShort(f"{what}.", hint="Take a smaller base, or close other programs.")


def require_trainable(base: BaseModel) -> None:
    """Refuse a base of a family that is not trained here."""
    if base.trainable:
        return
    known = sorted({family.architecture for family in FAMILIES.values()})
    raise ModelUnfit(
        f"{base.name} is of the architecture {base.architecture or 'that nobody named'!r}, which "
        f"is not trained here.",
        hint=f"It still completes code. For training take one of {', '.join(known)}.",
    )


def training_bytes(shape: BaseShape, rank: int, row_tokens: int, *, recomputes: bool) -> int:
    """The memory of a training process.

    One that recomputes keeps each layer's input alone, and the values inside of one layer.
    """
    adapter = _BYTES_A_RANK_WEIGHT * adapter_parameters(shape, rank)
    layer = _KEPT_A_WIDTH * shape.width + _KEPT_AN_INNER_WIDTH * shape.inner_width
    kept = 3 * layer + 2 * shape.width * shape.layers if recomputes else layer * shape.layers
    rows = kept * row_tokens + _HEAD_TOKENS * shape.vocabulary * _HEAD_BYTES_A_LOGIT
    weights = shape.parameters * _DEQUANTISED_BYTES
    return int(_UNDER_PREDICTED * (_LIBRARY_BYTES + weights + adapter + _FRAGMENTATION * rows))


def adapter_parameters(shape: BaseShape, rank: int) -> int:
    """How many numbers an adapter on every linear layer has."""
    keys = shape.key_heads * (shape.key_width + shape.value_width)
    queries = 2 * shape.heads * shape.key_width
    matrices = 4 * shape.width + keys + queries + 3 * (shape.width + shape.inner_width)
    return rank * shape.layers * matrices


def must_recompute(
    base: BaseModel, rank: int, row_tokens: int, available: int | None = None
) -> bool:
    """Whether memory is too short to keep what each layer computed for the way back.

    Recomputing costs a quarter of the speed. `available` is of the memory that is computed in; None
    asks the machine.
    """
    free = available_bytes() if available is None else available
    return 0 < free < training_bytes(shape_of(base), rank, row_tokens, recomputes=False)


def require_training_room(base: BaseModel, rank: int, row_tokens: int, cache: Path) -> None:
    """Refuse a training run that memory or disk would end."""
    shape, available = shape_of(base), available_bytes()
    wanted = training_bytes(shape, rank, row_tokens, recomputes=True)
    folder_bytes = shape.parameters * _DEQUANTISED_BYTES
    if 0 < available < wanted:
        raise MemoryShort(
            f"Training on {base.name} takes about {_mb(wanted)} of memory; "
            f"{_mb(available)} are available.",
            hint="Close other programs, take a smaller base, or lower training.sequence_tokens.",
        )
    free = shutil.disk_usage(_existing(cache)).free
    if not base.has_folder and free < folder_bytes * 1.1:
        raise DiskFull(
            f"The weights of {base.name} take {_mb(folder_bytes)} of disk for training; "
            f"{_mb(free)} are free in {cache}.",
            hint="Free some space first.",
        )


def require_export_room(
    base: BaseModel, quant: Quant | None, target: Path, data: Path, copies_base: bool = False
) -> int:
    """How many bytes an export writes; refused where memory or one of two disks is too small.

    Without a format it writes an adapter, and may copy the base. It writes in the folder `data` and
    moves that.
    """
    shape = shape_of(base)
    wanted = shape.parameters * _COMPARED_BYTES + _LIBRARY_BYTES
    file = (
        2 * adapter_parameters(shape, _LARGE_RANK) if quant is None else merged_bytes(base, quant)
    )
    if copies_base:
        file += served_bytes(base)
    available = available_bytes()
    if 0 < available < wanted + file:
        raise MemoryShort(
            f"Comparing an export of {base.name} with what was trained takes about "
            f"{_mb(wanted + file)} of memory; {_mb(available)} are available.",
            hint="Close other programs, or export as peft.",
        )
    made = 0 if base.has_folder else shape.parameters * _DEQUANTISED_BYTES
    made += 0 if base.has_gguf else shape.parameters * _F32
    for place, needed in ((data, file + made), (target, file)):
        free = shutil.disk_usage(_existing(place)).free
        if free < needed * 1.02:
            raise DiskFull(
                f"The export of {base.name} takes {_mb(needed)} of disk; {_mb(free)} are free in "
                f"{place}.",
                hint="Free some space, or choose another folder or a smaller format.",
            )
    return file


def served_bytes(base: BaseModel) -> int:
    """How large the GGUF of a base is, or will be."""
    return base.gguf.stat().st_size if base.has_gguf else shape_of(base).parameters * _F32


def merged_bytes(base: BaseModel, quant: Quant) -> int:
    """How large a base with an adapter in it will be in a format."""
    if not base.has_gguf:
        return int(shape_of(base).parameters * bits_a_number(QUANTS[quant].kind) / 8)
    facts = _facts_in(base.gguf, *stamp_of(base.gguf))
    return facts.data_start + sum(tensor.bytes for tensor in plan_tensors(facts, quant))


@lru_cache(maxsize=2)
def _facts_in(gguf: Path, size: int, changed_ns: int) -> GgufFacts:
    """The header with its vocabulary takes a fifth of a second to read, so it is read once."""
    return read_gguf_facts(gguf)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _mb(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1_000_000_000 else f"{size / 1e6:.0f} MB"
