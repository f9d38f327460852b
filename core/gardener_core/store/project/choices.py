"""The code that a person pinned or banned."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.events.parts import CodeSpan
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.locks import locked
from gardener_core.system.records import rebuild


@dataclass(frozen=True, slots=True)
class Choices:
    """Pinned code is shown first in every search, banned code never."""

    pins: tuple[CodeSpan, ...] = ()
    bans: tuple[CodeSpan, ...] = ()

    def pinned(self, one: CodeSpan) -> "Choices":
        """A copy with one more pin."""
        rest = self.without(one)
        return replace(rest, pins=(*rest.pins, one))

    def banned(self, one: CodeSpan) -> "Choices":
        """A copy with one more ban."""
        rest = self.without(one)
        return replace(rest, bans=(*rest.bans, one))

    def without(self, one: CodeSpan) -> "Choices":
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
            return Choices(*(_spans(fields[name]) for name in ("pins", "bans")))
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


def _spans(rows: list[dict[str, object]]) -> tuple[CodeSpan, ...]:
    return tuple(rebuild(CodeSpan, row) for row in rows)
