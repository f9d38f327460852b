"""Judge how faithful an export is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from gardener_core.errors import ModelUnfit
from gardener_core.events.fidelity_text import figures_of, problems_of
from gardener_core.events.parts import Fidelity, FidelityProblem
from gardener_core.models.families import read_config
from gardener_core.models.gguf.quants import ROUNDED, Quant
from gardener_core.models.model import BaseModel

# The quantisation of a merged file, or an adapter beside its base.
Form = Quant | Literal["lora-f32", "lora-f16"]

# Nats among the ten likeliest tokens; two orders of summation differ by 3.5e-5.
TOLERANCE = 1e-4
ROUNDED_TOLERANCE = 3e-3  # where llama.cpp reads GELU from a table
# Of the base's own gap; measured on 40 places of a Q4_1: 0.44 nats without, 0.40 with an adapter.
QUANTISED_FACTOR = 2.0
# What a format may move the likeliest tokens by; those of a few bits are held to their bits alone.
_GAPS: Mapping[Form, float] = {"f16": 0.05, "lora-f16": 0.05, "bf16": 0.5}
# The least share of places where both would write the same token.
_GREEDY: Mapping[Form, float] = {"f16": 0.95, "lora-f16": 0.95, "bf16": 0.9, "q8_0": 0.9,
                                 "q5_1": 0.8, "q5_0": 0.8, "q4_1": 0.7, "q4_0": 0.7}  # fmt: skip
_EXACT_GREEDY, _QUANTISED_GREEDY = 0.98, 0.8
MOST_LOST = 0.01


def judged(fidelity: Fidelity, base: BaseModel, form: Form, reason: str = "") -> Fidelity:
    """The measurement with the bounds of its format, and what is beyond them."""
    bounded = replace(
        fidelity,
        format=form,
        gap_bound=gap_bound(base, form, fidelity.worst_base),
        greedy_bound=greedy_bound(base, form),
        bits_bound=MOST_LOST,
    )
    problems = tuple(_problems(bounded))
    return replace(bounded, problems=problems, reason=reason if problems == ("bits",) else "")


def gap_bound(base: BaseModel, form: Form, worst_base: float) -> float:
    """How far the likeliest tokens may be, in nats; 0 for a format that is not held to it.

    llama.cpp rounds what it multiplies with quantised weights, so there an adapter is held to the
    gap that its base has without it.
    """
    if form in ROUNDED:
        return 0.0
    rounds = read_config(base.folder).family.rounds_gelu
    exact = max(_GAPS.get(form, TOLERANCE), ROUNDED_TOLERANCE if rounds else 0.0)
    return max(exact, QUANTISED_FACTOR * worst_base) if base.format == "gguf" else exact


def greedy_bound(base: BaseModel, form: Form) -> float:
    """The least share of places where the exported model would write the same token."""
    least = _GREEDY.get(form, _EXACT_GREEDY)
    is_served_quantised = base.format == "gguf" and form in ("lora-f32", "lora-f16")
    return min(least, _QUANTISED_GREEDY) if is_served_quantised else least


def require(fidelity: Fidelity) -> None:
    """Refuse files that are not as faithful as their format allows."""
    if fidelity.passes:
        return
    what, figures = problems_of(fidelity), figures_of(fidelity)
    raise ModelUnfit(
        f"The export does not answer as the trained model does: {what} ({figures}).",
        hint=_hint(fidelity),
    )


def _problems(fidelity: Fidelity) -> Iterator[FidelityProblem]:
    if fidelity.prompts_differing:
        yield "prompts"
    if fidelity.token_texts_differing:
        yield "tokens"
    if fidelity.end_tokens_missing:
        yield "end token"
    if fidelity.gap_bound and fidelity.worst_adapter >= fidelity.gap_bound:
        yield "gap"
    if fidelity.greedy_equal < fidelity.greedy_bound * fidelity.positions:
        yield "greedy"
    if fidelity.bits_lost > fidelity.bits_bound:
        yield "bits"


def _hint(fidelity: Fidelity) -> str:
    if fidelity.problems == ("bits",) and fidelity.format in ROUNDED:
        return "Take a format of more bits, or give a reason for taking this one."
    return "Export as peft, and please report this."
