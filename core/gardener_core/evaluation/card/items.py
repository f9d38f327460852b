"""The items that a card was measured on."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from gardener_core.errors import Damaged
from gardener_core.system.files.regular import open_regular, parse_object
from gardener_core.system.records import rebuild

# What a file, a statement, the body of a function, and a piece of foreign code are measured by;
# and a file by an adapter that was trained like the one of the card, on the other two thirds.
Measure = Literal["bits_per_byte", "statement", "scope", "foreign", "fold"]
ArmName = Literal["base", "base_context", "adapter", "adapter_context", "control"]
ARMS: tuple[ArmName, ...] = get_args(ArmName)
ITEMS = "items.jsonl"
LONGEST_LINE = 400_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one arm made of an item.

    Of a text its bits, by token where they are kept; of something masked the text that the arm
    wrote, and what it is worth. `names` of its names can be checked, `invented` exist nowhere.
    """

    bits: float | None = None
    token_bits: tuple[float, ...] = ()
    text: str | None = None
    exact: bool = False
    similarity: float = 0.0
    parses: bool | None = None
    codebleu: float | None = None
    bleu: float | None = None
    names: int = 0
    invented: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that every arm was given; `seconds` is what it took.

    A text has `expected` as a whole, with the offsets at which its tokens end. Something masked
    stands between `prompt` and `suffix`. `context` was found by search and stood before it;
    `rank` is the place among the hits of a definition that the item needs, 0 where it was not
    found, None where there is none to find.
    """

    measure: Measure
    path: str
    line: int
    language: str
    bytes: int
    tokens: int
    expected: str
    prompt: str = ""
    suffix: str = ""
    context: str = ""
    sources: tuple[str, ...] = ()
    symbol: str = ""
    ends: tuple[int, ...] = ()
    rank: int | None = None
    names: int = 0
    invented: tuple[str, ...] = ()
    seconds: float = 0.0
    arms: dict[ArmName, Outcome] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The folder of its file, two levels at most."""
        return "/".join(self.path.split("/")[:-1][:2]) or "."

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from the others."""
        return self.measure, self.path, self.line

    def to_json(self) -> dict[str, Any]:
        """The object of its line: each arm stands under its own name."""
        fields = asdict(self)
        arms = fields.pop("arms")
        kept = {name: value for name, value in fields.items() if not _is_unset(name, value)}
        return kept | {name: _short(outcome) for name, outcome in arms.items()}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Item":
        """The item of a line; a KeyError, TypeError or ValueError where it is none."""
        item: Item = rebuild(cls, {key: fields[key] for key in fields if key not in ARMS})
        for name in ARMS:
            if name in fields:
                item.arms[name] = rebuild(Outcome, fields[name])
        return item


def item_line(item: Item) -> bytes:
    """An item as a JSON line."""
    return json.dumps(item.to_json(), ensure_ascii=False).encode()


def read_items(path: Path) -> Iterator[Item]:
    """The items of a file; a last line that a kill cut short is left out."""
    try:
        with open_regular(path) as file:
            while line := file.readline(LONGEST_LINE):
                if line.endswith(b"\n"):
                    yield Item.from_json(parse_object(line))
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Damaged(f"{path} cannot be read: {problem}.", hint="Score it again.") from None


def _short(outcome: dict[str, Any]) -> dict[str, Any]:
    """What was measured of an arm: of a text its bits, of something masked the rest."""
    if outcome["text"] is None:
        kept = {"bits": outcome["bits"]}
        if outcome["token_bits"]:
            kept["token_bits"] = [round(bits, 3) for bits in outcome["token_bits"]]
        return kept
    unset = ("bits", "token_bits")
    return {key: value for key, value in outcome.items() if value is not None and key not in unset}


def _is_unset(name: str, value: Any) -> bool:
    return name not in ("measure", "path", "bytes") and value in ("", (), None)
