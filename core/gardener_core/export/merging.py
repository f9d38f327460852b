"""Merge an adapter into a GGUF, and quantise it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy
from numpy.typing import NDArray

from gardener_core.errors import ModelUnfit
from gardener_core.export.lora import LoraAdapter, LoraPair
from gardener_core.models.gguf.header import GgufFacts, read_gguf_facts
from gardener_core.models.gguf.planning import PlannedTensor, plan_tensors
from gardener_core.models.gguf.quants import QUANTS, ROUNDED, Quant
from gardener_core.models.gguf.streaming import copied_values, stream_gguf
from gardener_core.models.gguf.tensors import dequantised_rows, raw_parts

_QUANTISATION_VERSION = 2


def merge_gguf(
    source: Path, target: Path, quant: Quant, lora: LoraAdapter | None = None
) -> Iterator[tuple[int, int]]:
    """Write a GGUF in another format, with an adapter added to its tensors where one is given.

    Keys, tokenizer and template are copied byte for byte. Yields how many tensors of how many are
    done, several times for a large one; a few megabytes of numbers are in memory at once.
    """
    facts = read_gguf_facts(source)
    pairs = lora.pairs if lora else {}
    _require_fitting(source, facts, pairs)
    tensors = plan_tensors(facts, quant, pairs.keys())
    changes = {"general.file_type": QUANTS[quant].file_type}
    if quant in ROUNDED:
        changes["general.quantization_version"] = _QUANTISATION_VERSION
    header = copied_values(source, facts, changes)
    for number in stream_gguf(target, header, tensors, _parts(source, facts, tensors, pairs)):
        yield number + 1, len(tensors)


def _require_fitting(source: Path, facts: GgufFacts, pairs: Mapping[str, LoraPair]) -> None:
    for name, pair in pairs.items():
        entry = facts.tensors.get(name)
        if entry is None or entry.shape != (len(pair.b), pair.a.shape[1]):
            there = f"the shape {entry.shape}" if entry else "none"
            raise ModelUnfit(
                f"The adapter changes {name} of the shape {(len(pair.b), pair.a.shape[1])}; "
                f"{source.name} has {there}.",
                hint="Take the base that it was trained on.",
            )


def _parts(
    source: Path,
    facts: GgufFacts,
    tensors: Sequence[PlannedTensor],
    pairs: Mapping[str, LoraPair],
) -> Iterator[tuple[int, NDArray[Any]]]:
    with source.open("rb") as file:
        for number, tensor in enumerate(tensors):
            entry, pair = facts.tensors[tensor.name], pairs.get(tensor.name)
            if pair is None and entry.kind == tensor.kind:
                for raw in raw_parts(file, facts.data_start, entry):
                    yield number, raw
                continue
            kind, first = gguf.GGMLQuantizationType(tensor.kind), 0
            for rows in dequantised_rows(file, facts.data_start, entry):
                merged = rows if pair is None else rows + pair.added(first, len(rows))
                first += len(rows)
                yield number, numpy.ascontiguousarray(gguf.quants.quantize(merged, kind))
