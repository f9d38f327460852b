"""Let every arm write what was masked, and judge it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gardener_core.code.parsing.queries import syntax_root
from gardener_core.evaluation.card.items import ArmName, Item, Outcome
from gardener_core.evaluation.measuring.arms_model import ArmsModel, Weights
from gardener_core.evaluation.measuring.codebleu import bleu_4, code_bleu
from gardener_core.evaluation.measuring.context import Context, ContextFinder, rank_of
from gardener_core.evaluation.measuring.masking import Masked
from gardener_core.evaluation.measuring.similarity import edit_similarity, plain
from gardener_core.evaluation.measuring.stopping import end_of, trimmed
from gardener_core.evaluation.measuring.texts import Sizes
from gardener_core.models.serving.fill_in_tokens import FILL_IN_TOKENS
from gardener_core.models.tokens import TextTokens

MORE = 1.3  # times the tokens of what was there, before an arm is cut off
AFTER_SHARE = 0.33  # of what stands around a gap
_ARMS: tuple[Weights, ...] = ("base", "adapter")

# Of a text: how many of its names can be checked, and which of them exist nowhere. Given are the
# path, the text, and what can be seen around it.
NameCheck = Callable[[str, str, str], tuple[int, tuple[str, ...]]]
# The path and symbol of definitions of a word that stand in other files than this one.
Definitions = Callable[[str, str], frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What stands before a gap and behind it, as an arm reads it."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WriteMeasure:
    """Measures masked statements and bodies under four arms."""

    model: ArmsModel
    tokens: TextTokens
    sizes: Sizes
    finder: ContextFinder | None
    check_names: NameCheck
    definitions: Definitions
    texts: Mapping[str, str] = field(default_factory=dict)  # of files, by path

    def item(self, part: Masked) -> Item:
        """What the arms write in the place of one part."""
        began = self.model.now()
        text = self.texts[part.path]
        prompt = self._prompt(text, part)
        context = self._context(text, part)
        arms = self._written(part, text, prompt, "")
        if context is not None:
            with_context = self._written(part, text, prompt, context.text)
            arms |= {
                "base_context": with_context["base"],
                "adapter_context": with_context["adapter"],
            }
        names, invented = self.check_names(
            part.path, part.expected, text[: part.start] + text[part.end :]
        )
        defined = frozenset[tuple[str, str]]().union(
            *(self.definitions(word, part.path) for word in part.uses)
        )
        return Item(
            measure=part.measure,
            path=part.path,
            line=part.line,
            language=part.language,
            bytes=len(part.expected.encode()),
            tokens=len(self.tokens.encode(part.expected)),
            expected=part.expected,
            prompt=prompt.before,
            suffix=prompt.after,
            context=context.text if context else "",
            sources=context.sources if context else (),
            symbol=", ".join(part.uses),
            rank=rank_of(context.hits, defined) if context and defined else None,
            names=names,
            invented=invented,
            seconds=round(self.model.now() - began, 3),
            arms=arms,
        )

    def _written(
        self, part: Masked, text: str, prompt: Prompt, context: str
    ) -> dict[ArmName, Outcome]:
        """What the base and the adapter write behind the same prompt."""
        ids = self._ids(prompt, context)
        most = int(len(self.tokens.encode(part.expected)) * MORE) + 8
        over = end_of(part, text)

        def is_over(written: list[int]) -> bool:
            return written[-1] in self.model.ends or over(self._text(written))

        both = self.model.continuations(_ARMS, ids, most, is_over)
        visible = context + text[: part.start] + text[part.end :]
        return {
            arm: self._judged(part, text, trimmed(part, text, self._text(written)), visible)
            for arm, written in zip(_ARMS, both, strict=True)
        }

    def _judged(self, part: Masked, text: str, written: str, visible: str) -> Outcome:
        found, expected = plain(written), plain(part.expected)
        names, invented = self.check_names(part.path, found, visible)
        is_scope = part.measure == "scope"
        return Outcome(
            text=found,
            exact=found == expected,
            similarity=round(edit_similarity(found, expected), 4),
            parses=_parses(part, text, written),
            codebleu=code_bleu(part.language, found, expected) if is_scope else None,
            bleu=bleu_4(found, expected) if is_scope else None,
            names=names,
            invented=invented,
        )

    def _prompt(self, text: str, part: Masked) -> Prompt:
        """The text around a gap: it ends with the line before, so that the arm writes the break."""
        fills_in = self._fill_in() is not None
        after_room = int(self.sizes.before * AFTER_SHARE) if fills_in else 0
        before = self._last(text[: part.start].rstrip(), self.sizes.before - after_room)
        return Prompt(before, self._first(text[part.end :], after_room) if fills_in else "")

    def _ids(self, prompt: Prompt, context: str) -> list[int]:
        before = self.tokens.encode(context + prompt.before)
        marks = self._fill_in()
        if marks is None:
            return before
        prefix, suffix, middle = marks
        return [prefix, *before, suffix, *self.tokens.encode(prompt.after), middle]

    def _fill_in(self) -> tuple[int, int, int] | None:
        for names in FILL_IN_TOKENS:
            before, after, between = (self.tokens.special(name) for name in names)
            if before is not None and after is not None and between is not None:
                return before, after, between
        return None

    def _context(self, text: str, part: Masked) -> Context | None:
        if self.finder is None:
            return None
        before = text[: part.start]
        return self.finder.find(
            part.path, before, lambda piece: len(self.tokens.encode(piece)), self.sizes.context
        )

    def _text(self, ids: list[int]) -> str:
        return self.tokens.decode([one for one in ids if one not in self.model.ends])

    def _last(self, text: str, most: int) -> str:
        """The end of a text, from the beginning of a line on."""
        tail = text[-most * 8 :]
        _, ends = self.tokens.encode_with_ends(tail)
        if len(ends) <= most and len(tail) == len(text):
            return text
        cut = tail[ends[-most - 1] if len(ends) > most else 0 :]
        return cut[cut.find("\n") + 1 :]

    def _first(self, text: str, most: int) -> str:
        head = text[: most * 8]
        _, ends = self.tokens.encode_with_ends(head)
        return head[: ends[most - 1]] if len(ends) > most else head


def _parses(part: Masked, text: str, written: str) -> bool | None:
    """Whether the file is still without an error; None where it had one before."""
    before = syntax_root(part.language, text.encode())
    if before is None or before.has_error:
        return None
    changed = f"{text[: part.start].rstrip()}{written}{text[part.end :]}"
    after = syntax_root(part.language, changed.encode())
    return after is not None and not after.has_error
