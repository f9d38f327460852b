"""The rotary embedding of Llama 3, which a GGUF keeps as a tensor."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from gardener_core.errors import ModelUnfit
from gardener_core.models.gguf.header import GgufFacts
from gardener_core.models.gguf.tensors import read_tensor

FACTORS = "rope_freqs.weight"
# What every Llama 3 has; a GGUF does not tell them.
_LLAMA3 = {
    "rope_type": "llama3",
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}


def llama3_factors(rope: Mapping[str, Any], head_width: int) -> NDArray[numpy.float32]:
    """By how much each frequency is divided: the slow ones by all, those between by a part."""
    steps = numpy.arange(0, head_width, 2, dtype=numpy.float64) / head_width
    turns = (
        float(rope["original_max_position_embeddings"])
        / (2 * numpy.pi)
        / float(rope["rope_theta"]) ** steps
    )
    low, high, factor = rope["low_freq_factor"], rope["high_freq_factor"], rope["factor"]
    share = numpy.clip((turns - low) / (high - low), 0, 1)
    factors: NDArray[numpy.float32] = (1 / ((1 - share) / factor + share)).astype(numpy.float32)
    return factors


def llama3_rope(path: Path, facts: GgufFacts, theta: float, head_width: int) -> dict[str, Any]:
    """The rope of a GGUF file with such a tensor; refused where it is not the one of Llama 3."""
    written = read_tensor(path, facts, FACTORS)
    rope = {**_LLAMA3, "rope_theta": theta, "factor": float(numpy.max(written))}
    if not numpy.allclose(llama3_factors(rope, head_width), written, rtol=1e-3):
        raise ModelUnfit(
            f"{path.name} has a scaled rope that is not the one of Llama 3.",
            hint="It completes code; take another base for training.",
        )
    return rope
