"""How a base writes files, holes and conversations."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gardener_core.models.chat_template import (
    ChatTurn,
    begin_of,
    chat_parts,
    chat_template_of,
    special_pieces,
)
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.fill_in_tokens import FILL_IN_TOKENS
from gardener_core.models.tokens import TextTokens
from gardener_core.training.data.kept.row import Segment
from gardener_core.training.data.packing import BEGINNINGS, ENDINGS, first_special


class BaseForm:
    """The form of one base, and its tokenizer."""

    def __init__(self, base: BaseModel, tokens: TextTokens) -> None:
        self._base = base
        self.tokens = tokens
        self._begin = first_special(tokens, BEGINNINGS)
        self._end = first_special(tokens, ENDINGS)
        self._fill_in = next((names for names in FILL_IN_TOKENS if self._has(names)), None)
        self.has_chat = bool(chat_template_of(base))

    @property
    def fills_in(self) -> bool:
        """Whether it has tokens to fill in code."""
        return self._fill_in is not None

    def header(self, path: str) -> tuple[Segment, ...]:
        """What stands before the text of a file."""
        begin = [Segment(self._begin, False, special=True)] if self._begin else []
        return (*begin, Segment(f"{path}\n", False))

    def end(self) -> tuple[Segment, ...]:
        """What stands after a text that is whole."""
        return (Segment(self._end, True, special=True),) if self._end else ()

    def hole(self, before: Sequence[Segment], after: str, middle: str) -> tuple[Segment, ...]:
        """Code to fill in, in the one order in which the product asks for it."""
        if self._fill_in is None:
            raise ValueError("This base fills in nothing.")
        prefix, suffix, between = (Segment(name, False, special=True) for name in self._fill_in)
        middle_part = Segment(middle, True)
        return (prefix, *before, suffix, Segment(after, False), between, middle_part, *self.end())

    def chat(self, turns: Sequence[ChatTurn]) -> tuple[Segment, ...]:
        """A conversation of which the last turn is learned, with the token that ends it."""
        *asked, answer = turns
        begin = self.tokens.decode(begin_of(self._base))
        head = [Segment(begin, False, special=True)] if begin else []
        for part in chat_parts(self._base, asked):
            head += self._own(part.text) if part.turn is None else [Segment(part.text, False)]
        tail = self._own(chat_parts(self._base, turns, asks=False)[-1].text)
        ends = [segment for segment in tail if segment.special][:1]
        closing = [replace(segment, learned=True) for segment in ends] or list(self.end())
        return (*head, Segment(answer.content, True), *closing)

    def encoded(self, segments: Sequence[Segment]) -> tuple[tuple[Segment, ...], list[int]]:
        """The segments with the ends of their tokens, and the ids of all."""
        done, ids = [], []
        for segment in segments:
            if segment.special:
                numbers, ends = [self._number(segment.text)], [len(segment.text)]
            else:
                numbers, ends = self.tokens.encode_with_ends(segment.text)
            ids += numbers
            done.append(replace(segment, ends=tuple(ends)))
        return tuple(done), ids

    def has(self, name: str) -> bool:
        """Whether this is one of its special tokens."""
        return self.tokens.special(name) is not None

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        return len(self.tokens.encode(text))

    def _own(self, text: str) -> list[Segment]:
        pieces: Iterator[tuple[str, int | None]] = special_pieces(text, self.tokens.special)
        return [Segment(piece, False, special=number is not None) for piece, number in pieces]

    def _number(self, name: str) -> int:
        number = self.tokens.special(name)
        if number is None:
            raise ValueError(f"{name} is no token of this base.")
        return number

    def _has(self, names: Sequence[str]) -> bool:
        return all(self.tokens.special(name) is not None for name in names)
