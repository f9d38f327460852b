"""Compare the tokenizer that is trained with and the one that is served."""

from pathlib import Path

from gardener_core.errors import ModelUnfit
from gardener_core.models.identity import BaseIdentity, identity_of, read_identity, write_identity
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens

# Code, numbers, blanks, other scripts, and text that looks like special tokens.
PROBE = """\
def größe(self, x: dict[str, int] | None = None) -> "Größe":
\t\"\"\"It isn't 3.14159e-10; see https://example.org/a?b=1&c=%20#d.\"\"\"
    if x is None and len(self._items) != 0x1F_FFFF:  # TODO(me): don't   \n\n\n
        raise ValueError(f"{x!r:>10} <|endoftext|> <s> [INST] 12345678901234567890")
    return {**x, 'κλειδί': ['漢字', '½', '🙂‍🔥', 'e\u0301', '\u00a0', '\u200b']}\r\n
SELECT * FROM t WHERE id >= 42 AND NOT (a <> b); // /* ... */ ++i; a->b::c<T>&& &x[0..=9]
"""
_CONTEXT = 2048


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
        served = llama.tokenize(PROBE)
    if served != ids:
        place = next(
            (at for at, (one, other) in enumerate(zip(ids, served, strict=False)) if one != other),
            min(len(ids), len(served)),
        )
        raise ModelUnfit(
            f"{base.name} cannot be trained here: transformers and llama.cpp split text "
            f"differently with its tokenizer ({len(ids)} and {len(served)} tokens of the same "
            f"text, first differing at token {place}).",
            hint="Take another base, or the transformers folder of this one.",
        )
    identity = identity_of(base, ids, checked=True)
    write_identity(base.folder, identity)
    return identity
