"""Let a model complete lines of held-out files while it learns."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import DynamicCache

from gardener_core.evaluation.split import SourceFile
from gardener_core.events.train import CompletedLine, LinesCompleted
from gardener_core.models.tokens import TextTokens
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.interrupts import Interruptible
from gardener_core.training.lora import LoraModel

# At step 0, then at most so often in a run, and no more than once in so many steps.
MOST_TIMES = 10
FEWEST_STEPS = 10
TOKENS_BEFORE = 96
MOST_NEW_TOKENS = 16
LINES_BEFORE = 6  # with less, anything could follow
_WORTHWHILE = re.compile(r"[A-Za-z_]\w+.*[(=.:]")
_DULL = re.compile(r"\s*(#|//|/?\*|import\b|from\b|\"\"\"|'''|<!--|[}\])]+$)")
SHORTEST, LONGEST = 12, 90


@dataclass(frozen=True, slots=True)
class MaskedLine:
    """A line that is masked: its place, what stands before it, and what it says."""

    path: str
    line: int
    before: str
    expected: str


class CompletedLines:
    """The same few lines, completed at the same steps in every attempt."""

    def __init__(
        self, files: Sequence[SourceFile], tokens: TextTokens, settings: TrainingSettings
    ) -> None:
        self._tokens = tokens
        self._steps = settings.steps
        self._every = max(FEWEST_STEPS, -(-settings.steps // MOST_TIMES))
        self.lines = masked_lines(files, settings.probe_lines)
        self._reads = [_ids_before(line, tokens) for line in self.lines]

    @property
    def times(self) -> int:
        """How often they are completed after step 0."""
        return -(-self._steps // self._every) if self.lines else 0

    def is_due(self, step: int) -> bool:
        """Whether they are completed at a step."""
        return bool(self.lines) and (step % self._every == 0 or step == self._steps)

    def complete(self, model: LoraModel, step: int, interruptible: Interruptible) -> LinesCompleted:
        """What the model writes in the place of each line, with the adapter as it is now."""
        done = []
        with model.for_writing() as base:
            for line, ids in zip(self.lines, self._reads, strict=True):
                with interruptible, model.mixed():
                    written = list(_continued(base, ids, self._tokens))
                text = self._tokens.decode(written).lstrip("\n").partition("\n")[0].strip()
                done.append(CompletedLine(line.path, line.line, line.expected, text))
        return LinesCompleted(step, tuple(done))


def masked_lines(files: Sequence[SourceFile], most: int) -> tuple[MaskedLine, ...]:
    """Lines worth completing, of as many files as possible; the texts alone decide which."""
    drawn = sorted(files, key=lambda file: _draw(file.path))
    chosen = (lines[0] for file in drawn if (lines := _candidates(file)))
    return tuple(line for line, _ in zip(chosen, range(most), strict=False))


def _candidates(file: SourceFile) -> list[MaskedLine]:
    """The lines of a file that say something, in the order of their draw."""
    lines = file.text.splitlines()
    found = [
        MaskedLine(
            file.path, at + 1, "\n".join([*lines[:at], _indent(text)]), text.strip()
        )
        for at, text in enumerate(lines)
        if at >= LINES_BEFORE and _is_worthwhile(text)
    ]  # fmt: skip
    return sorted(found, key=lambda line: _draw(f"{line.path} {line.expected}"))[:1]


def _indent(text: str) -> str:
    """What stands before a line, but for its last character: tokens begin with a blank."""
    return text[: len(text) - len(text.lstrip())][:-1]


def _is_worthwhile(text: str) -> bool:
    size = len(text.strip())
    return SHORTEST <= size <= LONGEST and bool(_WORTHWHILE.search(text)) and not _DULL.match(text)


def _draw(text: str) -> bytes:
    return hashlib.blake2b(f"line {text}".encode(), digest_size=8).digest()


def _ids_before(line: MaskedLine, tokens: TextTokens) -> list[int]:
    return tokens.encode(line.before[-TOKENS_BEFORE * 8 :])[-TOKENS_BEFORE:]


@torch.no_grad()
def _continued(model: torch.nn.Module, ids: Sequence[int], tokens: TextTokens) -> Iterator[int]:
    """The likeliest tokens, up to the end of a line that says something."""
    cache = DynamicCache(config=model.config)  # type: ignore[arg-type]
    read, text = list(ids), ""
    for _ in range(MOST_NEW_TOKENS):
        given = torch.tensor([read], device=next(model.parameters()).device)
        logits = model(input_ids=given, past_key_values=cache, use_cache=True).logits
        token = int(logits[0, -1].argmax())
        yield token
        text += tokens.decode([token])
        if text.lstrip() and "\n" in text.lstrip():
            return
        read = [token]
