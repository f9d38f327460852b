"""Pack source files into training rows."""

from collections.abc import Generator, Sequence
from typing import Any

import torch

from gardener_core.evaluation.split import SourceFile, too_small
from gardener_core.events.run import PhaseAdvanced
from gardener_core.models.tokens import TextTokens
from gardener_core.system.pace import Pace
from gardener_core.training.rows import TrainingRow

# The special tokens before a file's path and after its text: the seedling's, then those that
# code models learned.
BEGINNINGS = ("<|file|>", "<|file_sep|>", "<file_sep>", "<filename>")
ENDINGS = ("<|eos|>", "<|endoftext|>", "<|end_of_text|>", "<eos>", "</s>")


def pack_rows(
    files: Sequence[SourceFile], tokens: TextTokens, sequence_tokens: int
) -> Generator[PhaseAdvanced, Any, list[TrainingRow]]:
    """Rows of `sequence_tokens` + 1 ids in file order, each overlapping by one id.

    So every token but the first is predicted once; an incomplete last row is dropped.
    """
    stream: list[int] = []
    pace = Pace()
    for done, file in enumerate(files):
        if done == 0 or pace.is_due():
            yield PhaseAdvanced("preparing", done, len(files), "files", file.path)
        stream += file_tokens(file, tokens)
    yield PhaseAdvanced("preparing", len(files), len(files), "files")
    if len(stream) <= sequence_tokens:
        raise too_small(f"{len(stream)} tokens to learn from")
    windows = torch.tensor(stream).unfold(0, sequence_tokens + 1, sequence_tokens)
    return [TrainingRow.of_text(window) for window in windows]


def file_tokens(file: SourceFile, tokens: TextTokens) -> list[int]:
    """A file after its path and before the end token, as far as the base has them."""
    begin, end = (tokens.special(first_special(tokens, names)) for names in (BEGINNINGS, ENDINGS))
    header = [] if begin is None else [begin]
    return [
        *header,
        *tokens.encode(f"{file.path}\n"),
        *tokens.encode(file.text),
        *([] if end is None else [end]),
    ]


def first_special(tokens: TextTokens, names: Sequence[str]) -> str:
    """The first of these special tokens that a base has; empty where it has none."""
    return next((name for name in names if tokens.special(name) is not None), "")
