"""Choose the places where two models are compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, zip_longest

from gardener_core.errors import ModelUnfit
from gardener_core.models.tokens import TextTokens

PASSAGES = 8
LONGEST_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Passage:
    """Tokens of a text; those from `first` on are predicted, `bytes` says how long each is."""

    text: int
    ids: tuple[int, ...]
    first: int
    bytes: tuple[int, ...]


def passages_of(texts: Sequence[str], tokens: TextTokens, places: int) -> list[Passage]:
    """Passages of all texts in turn, with short and long contexts, for about so many places."""
    windows = [list(_windows(number, text, tokens)) for number, text in enumerate(texts)]
    in_turn = chain.from_iterable(zip_longest(*windows))
    chosen = [window for window in in_turn if window is not None][:PASSAGES]
    if not chosen:
        raise ModelUnfit("There is no text to compare on.", hint="Add source files first.")
    each = max(1, places // len(chosen))
    passages = []
    for number, window in enumerate(chosen, 1):
        # The first passage begins with one token of context, the last with all that there is.
        context = max(1, (len(window.ids) - each) * number // len(chosen)) if number > 1 else 1
        end = min(len(window.ids), context + each)
        passages.append(
            Passage(window.text, window.ids[:end], min(context, end - 1), window.bytes[:end])
        )
    return passages


def _windows(number: int, text: str, tokens: TextTokens) -> Iterator[Passage]:
    ids, ends = tokens.encode_with_ends(text)
    sizes = [len(text[a:b].encode()) for a, b in pairwise([0, *ends])]
    for at in range(0, len(ids), LONGEST_TOKENS):
        part = slice(at, at + LONGEST_TOKENS)
        if len(ids[part]) > 1:
            yield Passage(number, tuple(ids[part]), 1, tuple(sizes[part]))
