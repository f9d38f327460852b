"""The code that a person pinned or banned."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.locks import locked
from gardener_core.system.records import rebuild


@dataclass(frozen=True, slots=True)
class Chosen:
    """A piece of code, identified by its symbol or, without one, by its lines."""

    path: str
    symbol: str
    kind: str
    language: str
    start_line: int
    end_line: int

    def covers(self, path: str, symbol: str, start_line: int, end_line: int) -> bool:
        """Whether a piece of code is this one or a part of it."""
        if path != self.path or symbol != self.symbol:
            return False
        return bool(symbol) or (start_line <= self.end_line and self.start_line <= end_line)

    def same(self, other: "Chosen") -> bool:
        """Whether both are the same piece of code."""
        return self.covers(other.path, other.symbol, other.start_line, other.end_line)


@dataclass(frozen=True, slots=True)
class Choices:
    """Pinned code is shown first in every search, banned code never."""

    pins: tuple[Chosen, ...] = ()
    bans: tuple[Chosen, ...] = ()

    def pinned(self, one: Chosen) -> "Choices":
        """A copy with one more pin."""
        rest = self.without(one)
        return replace(rest, pins=(*rest.pins, one))

    def banned(self, one: Chosen) -> "Choices":
        """A copy with one more ban."""
        rest = self.without(one)
        return replace(rest, bans=(*rest.bans, one))

    def without(self, one: Chosen) -> "Choices":
        """A copy without this piece of code."""
        return Choices(
            tuple(item for item in self.pins if not item.same(one)),
            tuple(item for item in self.bans if not item.same(one)),
        )


class ChoiceFile:
    """A project's choices.json."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Choices:
        """The present pins and bans."""
        try:
            fields = read_object(self._path)
            return Choices(*(_chosen(fields[name]) for name in ("pins", "bans")))
        except FileNotFoundError:
            return Choices()
        except (OSError, ValueError, KeyError, TypeError):
            raise Damaged(
                f"{self._path}, which holds pins and bans, cannot be read.",
                remedy=Remedy("repair"),
            ) from None

    def change(self, change: Callable[[Choices], Choices]) -> Choices:
        """Change pins and bans under a lock."""
        with locked(make_folder(self._path.parent)):
            choices = change(self.read())
            write_whole(self._path, json.dumps(asdict(choices), indent=1).encode())
        return choices


def _chosen(rows: list[dict[str, object]]) -> tuple[Chosen, ...]:
    return tuple(rebuild(Chosen, row) for row in rows)
