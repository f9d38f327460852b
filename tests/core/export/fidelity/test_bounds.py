"""Each format is held to its own bounds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import ModelUnfit
from gardener_core.events.fidelity_text import figures_of, verdict_of
from gardener_core.events.parts import Fidelity
from gardener_core.export.fidelity.bounds import Form, gap_bound, greedy_bound, judged, require
from gardener_core.models.model import BaseModel, Format

GOOD = Fidelity(
    100, 2e-5, 3e-5, 1.0, 4, 0, greedy_equal=100, prompts=3, end_tokens=1, scored_files=2,
    scored_tokens=100, bits_base=1.0, bits_trained=0.8, bits_exported=0.8,
)  # fmt: skip


def base(folder: Path, kind: str = "llama", form: Format = "transformers") -> BaseModel:
    (folder / "config.json").write_text(json.dumps({"model_type": kind}))
    return BaseModel(
        "tiny", "base", form, folder, 1, "ff", True, 512, kind, folder, folder / "b.gguf"
    )


@pytest.mark.parametrize(
    ("kind", "format", "form", "worst_base", "bound"),
    [
        ("llama", "transformers", "f32", 0.5, 1e-4),
        ("gemma2", "transformers", "f32", 0.5, 3e-3),
        ("llama", "transformers", "f16", 0.0, 0.05),
        ("llama", "gguf", "lora-f32", 0.4, 0.8),
        ("llama", "gguf", "f32", 1e-6, 1e-4),
        ("llama", "gguf", "q4_0", 0.4, 0.0),
    ],
)
def test_the_gap_is_that_of_the_format_or_of_the_base_that_is_served(
    tmp_path: Path, kind: str, format: Format, form: Form, worst_base: float, bound: float
) -> None:
    assert gap_bound(base(tmp_path, kind, format), form, worst_base) == pytest.approx(bound)


def test_fewer_bits_may_change_more_of_the_likeliest_tokens(tmp_path: Path) -> None:
    served = base(tmp_path, form="gguf")
    forms: list[Form] = ["f32", "f16", "bf16", "q5_1", "q4_0"]
    bounds = [greedy_bound(served, form) for form in forms]
    assert bounds == sorted(bounds, reverse=True) and bounds[0] > 0.95 and bounds[-1] >= 0.7
    assert greedy_bound(served, "lora-f32") < greedy_bound(
        replace(served, format="transformers"), "lora-f32"
    )


@pytest.mark.parametrize(
    ("fields", "problem", "words"),
    [
        ({"prompts_differing": 1}, "prompts", "prompt of a conversation"),
        ({"token_texts_differing": 1}, "tokens", "other tokens"),
        ({"end_tokens_missing": 1}, "end token", "end token"),
        ({"worst_adapter": 1e-3}, "gap", "likeliest tokens"),
        ({"greedy_equal": 97}, "greedy", "another token"),
        ({"bits_exported": 0.809}, "bits", "more bits"),
    ],
)
def test_what_is_beyond_a_bound_is_named(
    tmp_path: Path, fields: dict[str, float], problem: str, words: str
) -> None:
    here = base(tmp_path)
    assert judged(GOOD, here, "f32").problems == ()
    found = judged(replace(GOOD, **fields), here, "f32", "")
    assert found.problems == (problem,) and not found.passes
    assert words in verdict_of(found)
    with pytest.raises(ModelUnfit, match=words):
        require(found)


def test_one_percent_of_bits_is_the_bound(tmp_path: Path) -> None:
    here = base(tmp_path)
    assert judged(replace(GOOD, bits_exported=0.8079), here, "q4_0").passes
    assert not judged(replace(GOOD, bits_exported=0.8081), here, "q4_0").passes
    assert judged(replace(GOOD, bits_exported=0.9), here, "q4_0", "a try").passes


def test_figures_tell_what_was_measured(tmp_path: Path) -> None:
    text = figures_of(judged(replace(GOOD, bits_exported=0.804), base(tmp_path), "f32"))
    for part in ("3.0e-05", "bound 1.0e-04", "100 places", "0 of 3 prompts", "2 held-out files",
                 "base 1.0000, trained 0.8000, exported 0.8040 (+0.50%"):  # fmt: skip
        assert part in text
    assert "2 files" in figures_of(replace(GOOD, held_out=False))
