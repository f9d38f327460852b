"""Rows of foreign code, against forgetting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gardener_core.training.data.kept.row import DataRow, Origin, Segment
from gardener_core.training.data.makers.forms import BaseForm


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file of other people's code, whose licence permits learning from it."""

    name: str
    licence: str
    text: str


def foreign_rows(files: Iterable[ForeignFile], form: BaseForm, most: int) -> Iterator[DataRow]:
    """A piece of each file: its beginning is like any other's, so it is one from the middle."""
    for file in files:
        header = form.header(file.name)
        room = max(most - sum(len(part.ends) for part in form.encoded(header)[0]) - 1, 8)
        tail = file.text[len(file.text) // 3 :]
        start = len(file.text) - len(tail) + tail.find("\n") + 1
        text = file.text[start : start + room * 8]
        _, ends = form.tokens.encode_with_ends(text)
        text = text[: ends[min(room, len(ends)) - 1]] if ends else ""
        text = text[: text.rfind("\n") + 1] or text
        if not text.strip():
            continue
        first = file.text.count("\n", 0, start) + 1
        origin = Origin(file.name, first, first + text.count("\n"), licence=file.licence)
        yield DataRow("replay", "foreign", origin, (*header, Segment(text, True)))
