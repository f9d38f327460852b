"""Prepare the text that a seedling is trained on."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import torch
from tokenizers import Tokenizer

from gardener_core.errors import NothingToLearn
from gardener_core.events.run import PhaseAdvanced
from gardener_core.pretraining.corpus import SourceDocument
from gardener_core.pretraining.tokenizer import END_ID, learn_tokenizer
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace

ROW_TOKENS = 512
HELD_OUT_FILES = 20
TOKENIZER_FILES = 230


@dataclass(frozen=True, slots=True)
class Document:
    """One file to train or to measure on."""

    file: SourceDocument
    text: str


@dataclass(frozen=True, slots=True)
class TrainingText:
    """A tokenizer, rows of token ids, the files of both, and the files to measure on."""

    tokenizer: Tokenizer
    rows: torch.Tensor
    used: Sequence[Document]
    held_out: Sequence[Document]


def prepare(
    corpus: Iterable[SourceDocument], rows_wanted: int, interruptible: Interruptible
) -> Generator[PhaseAdvanced, Any, TrainingText]:
    """Train a tokenizer on the first files, and encode as many as the steps will read."""
    wanted, pace = rows_wanted * ROW_TOKENS, Pace()
    yield PhaseAdvanced("preparing", 0, wanted, "tokens")
    with interruptible:
        documents = (Document(file, text) for file in corpus if (text := file.read()) is not None)
        held_out = list(islice(documents, HELD_OUT_FILES))
        sample = list(islice(documents, TOKENIZER_FILES))
        tokenizer = learn_tokenizer(document.text for document in sample)
    used: list[Document] = []
    ids: list[int] = []
    for document in chain(sample, documents):
        if len(ids) > wanted and len(used) >= len(sample):
            break  # encoding the rest takes seconds, and no step would read it
        used.append(document)
        with interruptible:
            ids += [*tokenizer.encode(document.text).ids, END_ID]
        if pace.is_due():
            yield PhaseAdvanced("preparing", min(len(ids), wanted), wanted, "tokens")
    if len(ids) <= ROW_TOKENS:
        raise NothingToLearn(
            "This environment holds too few source files to grow a base model.",
            hint="Install codebase-gardener with its dependencies.",
        )
    rows = torch.tensor(ids, dtype=torch.int32).unfold(0, ROW_TOKENS + 1, ROW_TOKENS)
    return TrainingText(tokenizer, rows, used, held_out)
