"""Compare the tokenizer that is trained with and the one that is served."""

from collections.abc import Sequence
from pathlib import Path

import torch

from gardener_core.errors import ModelUnfit
from gardener_core.models.identity import BaseIdentity, identity_of, read_identity, write_identity
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.loading import load_base
from gardener_core.models.torch.precision import mixed_precision, training_dtype

# Code, numbers, blanks, other scripts, and text that looks like special tokens.
PROBE = """\
def größe(self, x: dict[str, int] | None = None) -> "Größe":
\t\"\"\"It isn't 3.14159e-10; see https://example.org/a?b=1&c=%20#d.\"\"\"
    if x is None and len(self._items) != 0x1F_FFFF:  # TODO(me): don't   \n\n\n
        raise ValueError(f"{x!r:>10} <|endoftext|> <s> [INST] 12345678901234567890")
    return {**x, 'κλειδί': ['漢字', '½', '🙂‍🔥', 'e\u0301', '\u00a0', '\u200b']}\r\n
        1. one,\n\n\n    22) two\t 333 = 4444 :  -5\n\t6 {\n        7: "VIII" }
SELECT * FROM t WHERE id >= 42 AND NOT (a <> b); // /* ... */ ++i; a->b::c<T>&& &x[0..=9]
"""
_CONTEXT = 2048
_TOP = 5
_SHARES = (0.4, 0.6, 0.8, 1.0)
# Nats, on average over the likeliest tokens. Measured: 0.08 with a Q4_1, 0.07 with a Q4_K_M, and
# 0.94 where the base of the rope was taken for 10,000 instead of 100,000.
MOST_GAP = 0.4


def checked_identity(base: BaseModel, log: Path) -> BaseIdentity:
    """The identity of a base, after both tokenizers made the same ids of the probe text.

    It is compared once for each GGUF file; a folder's GGUF is written with the folder's tokenizer.
    """
    kept = read_identity(base.folder)
    if base.format == "gguf" and kept and kept.checked and kept.weights == base.sha256:
        return kept
    ids = TextTokens(base.folder).encode(PROBE)
    if base.format != "gguf":
        return identity_of(base, ids, checked=False)
    with Llama(base.gguf, [], log, threads=1, context=_CONTEXT) as llama:
        _require_same_tokens(base, ids, llama.tokenize(PROBE))
        _require_same_answers(base, ids, llama)
    identity = identity_of(base, ids, checked=True)
    write_identity(base.folder, identity)
    return identity


def _require_same_tokens(base: BaseModel, ids: Sequence[int], served: Sequence[int]) -> None:
    if served == ids:
        return
    pairs = enumerate(zip(ids, served, strict=False))
    place = next((at for at, (one, other) in pairs if one != other), min(len(ids), len(served)))
    raise ModelUnfit(
        f"{base.name} cannot be trained here: transformers and llama.cpp split text differently "
        f"with its tokenizer ({len(ids)} and {len(served)} tokens of the same text, first "
        f"differing at token {place}).",
        hint="Take another base, or the transformers folder of this one.",
    )


def _require_same_answers(base: BaseModel, ids: Sequence[int], llama: Llama) -> None:
    """Refuse a base that transformers reads otherwise than llama.cpp, such as by another rope."""
    gap = answer_gap(base.folder, ids, llama)
    if gap > MOST_GAP:
        raise ModelUnfit(
            f"{base.name} cannot be trained here: transformers reads this file otherwise than "
            f"llama.cpp does; their answers differ by {gap:.1f} nats a token.",
            hint="Take another base, or the transformers folder of this one.",
        )


@torch.no_grad()
def answer_gap(folder: Path, ids: Sequence[int], llama: Llama) -> float:
    """How far the likeliest tokens of llama.cpp are from those of a folder, in nats, on average."""
    model, gaps = load_base(folder, training_dtype()), []
    for share in _SHARES:
        prompt = list(ids[: max(1, int(share * len(ids)))])
        places = llama.complete(prompt, [], tokens=1, top=_TOP).top
        with mixed_precision():
            logits = model(input_ids=torch.tensor([prompt]), logits_to_keep=1).logits[0, -1]
        expected = logits.float().log_softmax(-1)
        for candidate in places[0] if places else ():
            gaps.append(abs(candidate.logprob - expected[candidate.id].item()))
    return sum(gaps) / len(gaps) if gaps else 0.0
