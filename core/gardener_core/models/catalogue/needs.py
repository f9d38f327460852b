"""How much memory a model needs, and what fits."""

from dataclasses import dataclass

from gardener_core.models.catalogue.entry import CatalogueEntry

SERVED_TOKENS = 4096
KV_BYTES = 2  # of each number in the cache
SERVING_BYTES = 200_000_000  # of the process that serves, beside weights and cache
CACHE_SHARE = 10  # without a known shape, the cache counts as a tenth of the weights
# The line through two measured runs (135M: 1.69 GB, 630M: 3.55 GB), for what is not here; what a
# model that is here needs, `models.needs` computes from its own shape.
TRAINING_BYTES = 1_185_000_000
TRAINING_BYTES_A_PARAMETER = 3.753


@dataclass(frozen=True, slots=True)
class Needs:
    """Bytes of memory to serve and to train; 0 where it cannot be done or is not known.

    `measured` tells whether that of training was measured rather than computed.
    """

    serve: int
    train: int
    measured: bool


@dataclass(frozen=True, slots=True)
class Fits:
    """What the memory that is free now is enough for; None where that is not known."""

    serve: bool | None
    train: bool | None
    serve_while_training: bool | None


def needs_of(entry: CatalogueEntry) -> Needs:
    """The needs of a catalogue entry."""
    serve = entry.bytes + _cache_bytes(entry) + SERVING_BYTES if entry.bytes else 0
    if "train" not in entry.roles:
        return Needs(serve, 0, False)
    computed = TRAINING_BYTES + round(TRAINING_BYTES_A_PARAMETER * entry.parameters)
    return Needs(serve, entry.train_bytes or computed, bool(entry.train_bytes))


def fits(needs: Needs, free: int, training: int) -> Fits:
    """What fits into `free` bytes; `training` of them a run would take, 0 while one does."""
    if not free:
        return Fits(None, None, None)
    return Fits(
        needs.serve <= free if needs.serve else None,
        needs.train <= free if needs.train else None,
        needs.serve + training <= free if needs.serve else None,
    )


def _cache_bytes(entry: CatalogueEntry) -> int:
    shape = entry.shape
    if shape is None or not shape.heads:
        return entry.bytes // CACHE_SHARE
    width = shape.width // shape.heads * shape.kv_heads
    return 2 * shape.layers * width * KV_BYTES * min(SERVED_TOKENS, entry.context or SERVED_TOKENS)
