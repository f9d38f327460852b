"""A row of training data that a person can read."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

# What a row is for, and how it was made.
Share = Literal["code", "answers", "docs", "earlier", "replay", "imported"]
Generator = Literal[
    "file", "fill_in", "doc", "commit", "test", "absent", "doc_to_code", "code_to_doc", "foreign",
    "imported",
]  # fmt: skip
SHARES: tuple[Share, ...] = get_args(Share)
_ORIGIN_FIELDS = ("path", "start_line", "end_line", "symbol", "commit", "licence")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the text of a row was read; lines are 1-based and inclusive.

    `commit` is the one that the project stood at, or the one whose message is quoted; `licence` is
    that of foreign code.
    """

    path: str = ""
    start_line: int = 0
    end_line: int = 0
    symbol: str = ""
    commit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a row that is learned or only read.

    `special` text is of the base's own form, such as the token that ends a turn. `ends` are the
    offsets at which its tokens end, in characters.
    """

    text: str
    learned: bool
    special: bool = False
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DataRow:
    """A row: what is read and learned in it, and where that comes from.

    `cut` is how many tokens were left out because they did not fit. `turns` are the messages of a
    row that is a conversation, as role and content.
    """

    share: Share
    generator: Generator
    origin: Origin
    segments: tuple[Segment, ...]
    cut: int = 0
    turns: tuple[tuple[str, str], ...] = ()

    @property
    def tokens(self) -> int:
        """How many tokens it has."""
        return sum(len(segment.ends) for segment in self.segments)

    @property
    def learned(self) -> int:
        """How many of them are learned."""
        return sum(len(segment.ends) for segment in self.segments if segment.learned)

    @property
    def text(self) -> str:
        """All of it, as the base reads it."""
        return "".join(segment.text for segment in self.segments)

    def to_json(self) -> dict[str, Any]:
        """The object that stands in a JSON line."""
        fields = dataclasses.asdict(self)
        origin = {key: value for key, value in fields.pop("origin").items() if value}
        return {
            "share": self.share,
            "generator": self.generator,
            **origin,
            "tokens": self.tokens,
            "learned": self.learned,
            **{key: fields[key] for key in ("cut", "segments", "turns") if fields[key]},
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "DataRow":
        """A row of a JSON line; a KeyError, TypeError or ValueError where it is none."""
        if fields["share"] not in SHARES or fields["generator"] not in get_args(Generator):
            raise ValueError("A row of an unknown kind")
        return cls(
            share=fields["share"],
            generator=fields["generator"],
            origin=Origin(**{key: fields[key] for key in _ORIGIN_FIELDS if key in fields}),
            segments=tuple(
                Segment(
                    str(part["text"]), bool(part["learned"]), bool(part.get("special")),
                    tuple(int(end) for end in part.get("ends", ())),
                )
                for part in fields.get("segments", ())
            ),
            cut=int(fields.get("cut", 0)),
            turns=tuple((str(role), str(content)) for role, content in fields.get("turns", ())),
        )  # fmt: skip
