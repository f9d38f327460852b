"""Prepare what a seedling grows from."""

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
    """One file that is eaten or measured on."""

    file: SourceDocument
    text: str


@dataclass(frozen=True, slots=True)
class TrainingText:
    """A tokenizer, rows of ids, the files both come from, and the files to measure on."""

    tokenizer: Tokenizer
    rows: torch.Tensor
    eaten: Sequence[Document]
    held_out: Sequence[Document]


def prepare(
    food: Iterable[SourceDocument], rows_wanted: int, interruptible: Interruptible
) -> Generator[PhaseAdvanced, Any, TrainingText]:
    """Learn a tokenizer from the first files, and encode as many as the steps will read."""
    wanted, pace = rows_wanted * ROW_TOKENS, Pace()
    yield PhaseAdvanced("preparing", 0, wanted, "tokens")
    with interruptible:
        meals = (Document(file, text) for file in food if (text := file.read()) is not None)
        held_out = list(islice(meals, HELD_OUT_FILES))
        sample = list(islice(meals, TOKENIZER_FILES))
        tokenizer = learn_tokenizer(meal.text for meal in sample)
    eaten: list[Document] = []
    ids: list[int] = []
    for meal in chain(sample, meals):
        if len(ids) > wanted and len(eaten) >= len(sample):
            break  # encoding everything takes seconds, and no step would read it
        eaten.append(meal)
        with interruptible:
            ids += [*tokenizer.encode(meal.text).ids, END_ID]
        if pace.is_due():
            yield PhaseAdvanced("preparing", min(len(ids), wanted), wanted, "tokens")
    if len(ids) <= ROW_TOKENS:
        raise NothingToLearn(
            "This environment holds too few source files to grow a base model.",
            hint="Install codebase-gardener with its dependencies.",
        )
    rows = torch.tensor(ids, dtype=torch.int32).unfold(0, ROW_TOKENS + 1, ROW_TOKENS)
    return TrainingText(tokenizer, rows, eaten, held_out)
