"""Measure the bits of files and of foreign code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gardener_core.code.languages.table import language_of
from gardener_core.evaluation.card.items import ArmName, Item, Outcome
from gardener_core.evaluation.measuring.arms_model import ArmsModel, Weights
from gardener_core.evaluation.measuring.context import Context, ContextFinder
from gardener_core.evaluation.split import SourceFile
from gardener_core.models.tokens import TextTokens

LINES_READ_FIRST = 10  # of a file, before search can find anything with them


@dataclass(frozen=True, slots=True)
class Sizes:
    """Tokens of a window of text, of the context before it, and of what stands before a gap."""

    window: int
    context: int
    before: int


@dataclass(frozen=True, slots=True)
class TextMeasure:
    """Measures whole texts under every arm."""

    model: ArmsModel
    tokens: TextTokens
    sizes: Sizes
    finder: ContextFinder | None

    def file(self, file: SourceFile) -> Item:
        """A held-out file: its base, its adapter and the control, and both with context.

        Search is asked with the first lines. Until it was, an arm with context reads what the one
        without reads.
        """
        began = self.model.now()
        ids, ends = self.tokens.encode_with_ends(file.text)
        plain: dict[ArmName, list[float]] = {
            "base": self._bits("base", ids), "adapter": self._bits("adapter", ids)
        }  # fmt: skip
        if self.model.has_control:
            plain["control"] = self._bits("control", ids)
        context = self._context(file)
        if context is not None and context.text:
            first = _tokens_of_first_lines(file.text, ends)
            read = self.tokens.encode(context.text)
            pairs: tuple[tuple[ArmName, Weights], ...] = (
                ("base_context", "base"), ("adapter_context", "adapter"),
            )  # fmt: skip
            for arm, weights in pairs:
                bits = self.model.token_bits(weights, ids, self.sizes.window, read)
                plain[arm] = [*plain[weights][:first], *bits[first:]]
        elif context is not None:
            plain |= {"base_context": plain["base"], "adapter_context": plain["adapter"]}
        return Item(
            measure="bits_per_byte",
            path=file.path,
            line=1,
            language=language_of(file.path),
            bytes=len(file.text.encode()),
            tokens=max(0, len(ids) - 1),
            expected=file.text,
            context=context.text if context else "",
            sources=context.sources if context else (),
            ends=tuple(ends),
            seconds=round(self.model.now() - began, 3),
            arms=_outcomes(plain),
        )

    def foreign(self, file: SourceFile) -> Item:
        """A piece of foreign code: the base and the adapter, for what was forgotten."""
        began = self.model.now()
        ids = self.tokens.encode(file.text)
        arms: dict[ArmName, list[float]] = {
            "base": self._bits("base", ids), "adapter": self._bits("adapter", ids)
        }  # fmt: skip
        sums: dict[ArmName, Outcome] = {
            name: Outcome(bits=sum(bits)) for name, bits in arms.items()
        }
        return Item(
            measure="foreign",
            path=file.path,
            line=1,
            language=language_of(file.path),
            bytes=len(file.text.encode()),
            tokens=max(0, len(ids) - 1),
            expected=file.text,
            seconds=round(self.model.now() - began, 3),
            arms=sums,
        )

    def _bits(self, weights: Weights, ids: Sequence[int]) -> list[float]:
        return self.model.token_bits(weights, ids, self.sizes.window)

    def _context(self, file: SourceFile) -> Context | None:
        if self.finder is None:
            return None
        head = "\n".join(file.text.splitlines()[:LINES_READ_FIRST])
        return self.finder.find(
            file.path, head, lambda text: len(self.tokens.encode(text)), self.sizes.context
        )


def _outcomes(bits: Mapping[ArmName, Sequence[float]]) -> dict[ArmName, Outcome]:
    """The sum of every arm; by token for the base and the adapter, which are shown beside it."""
    kept = ("base", "adapter")
    return {
        name: Outcome(bits=sum(each), token_bits=tuple(each) if name in kept else ())
        for name, each in bits.items()
    }


def _tokens_of_first_lines(text: str, ends: Sequence[int]) -> int:
    """How many scored tokens end in the first lines; the very first token is not scored."""
    head = len("".join(text.splitlines(keepends=True)[:LINES_READ_FIRST]))
    return sum(end <= head for end in ends[1:])
