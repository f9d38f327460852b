"""Print for people, or JSON for programs."""

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gardener_core.cli.remedies import advice
from gardener_core.errors import GardenError
from gardener_core.events.json import encode
from gardener_core.events.run import Failed
from gardener_core.events.union import Event
from gardener_core.system.terminal_text import clean, clean_line

GAP = "  "


class Output:
    """Standard output of a command: JSON alone, or text that is safe for a terminal."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._console = Console(markup=False, emoji=False, highlight=False)

    @property
    def on_terminal(self) -> bool:
        """Whether this goes to a terminal."""
        return not self.as_json and self._console.is_terminal

    @property
    def console(self) -> Console:
        """The console, for progress bars and code."""
        return self._console

    def fields(self, fields: Mapping[str, Any]) -> None:
        """One JSON object on one line."""
        print(json.dumps(fields, default=_plain), flush=True)

    def event(self, event: Event) -> None:
        """An event as a JSON line."""
        fields = encode(event)
        if isinstance(event, Failed):
            fields["hint"] = advice(event.hint, event.remedy)
        self.fields(fields)

    def say(self, text: str) -> None:
        """A sentence for a person."""
        self._console.print(Text(clean(text)), soft_wrap=True)

    def write(self, text: str) -> None:
        """A piece of a longer text."""
        self._console.print(Text(clean(text)), end="", soft_wrap=True)

    def table(self, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Rows under names; plain columns on a pipe.

        Where a last column that cannot be wrapped, such as paths, would not fit, it gets lines of
        its own.
        """
        shown = [[clean_line(str(cell)) for cell in row] for row in rows]
        if self.on_terminal and _is_too_wide(names, shown, self._console.width):
            self._two_lines_a_row(names, shown)
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in names:
            table.add_column(name, overflow="fold")
        for row in shown:
            table.add_row(*(Text(cell) for cell in row))
        if self.on_terminal:
            self._console.print(table)
        else:
            # A pipe has no width, so nothing may be folded there.
            Console(width=10_000, markup=False).print(table, soft_wrap=True)

    def _two_lines_a_row(self, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = _widths([names, *rows])[:-1]
        for place, row in enumerate([names, *rows]):
            cells = zip(row[:-1], widths, strict=True)
            line = GAP.join(cell + " " * (width - cell_len(cell)) for cell, width in cells)
            style = "bold" if place == 0 else ""
            self._console.print(Text(line.rstrip(), style=style), soft_wrap=True)
            if row[-1]:
                self._console.print(Text(f"    {row[-1]}", style=style), soft_wrap=True)

    def error(self, problem: GardenError) -> None:
        """What happened and what to try, on stderr; for programs on stdout."""
        hint = advice(problem.hint, problem.remedy)
        if self.as_json:
            error = {"code": problem.code, "what": problem.what, "hint": hint}
            self.fields({"error": error})
            return
        print(f"gardener: {clean(problem.what)}", file=sys.stderr)
        if hint:
            print(f"try: {clean(hint)}", file=sys.stderr)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)]


def _is_too_wide(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the last column alone is what does not fit, and could not be wrapped at blanks."""
    if len(names) < 2 or any(" " in row[-1] for row in rows):
        return False
    *rest, last = _widths([names, *rows])
    others = sum(rest) + len(GAP) * len(rest)
    return others + last > width >= others - len(GAP)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value)} is not JSON")
