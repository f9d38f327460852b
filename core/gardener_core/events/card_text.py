"""Write a card as plain text."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import assert_never

from gardener_core.events.answer import Absence, CardLabel, CardLine, Composed

WIDTH = 80
MOST_LINES = 14
COMPOSED = "composed from the index"
_LABELS: dict[CardLabel, str] = {
    "where": "Where",
    "also": "Also",
    "does": "Does",
    "signature": "Signature",
    "called_by": "Called by",
    "calls": "Calls",
    "tested_in": "Tested in",
    "configured_by": "Configured by",
    "changed": "Last changed",
    "changelog": "Changelog",
    "documented_in": "Docs",
    "namesake": "Same name",
    "setting": "Setting",
    "file": "File",
    "step": "Calls",
    "run": "Run",
    "mentioned": "Mentioned",
    "nearest": "Nearest",
}
_ABSENT: dict[Absence, str] = {
    "": "",
    "no_call": "no call found in the project",
    "no_test": "no test found that calls or names it",
    "no_setting": "no setting found",
    "no_history": "no commit and no changelog entry found",
    "no_path": "no chain of calls found from one to the other",
}
_LABEL_WIDTH = max(map(len, _LABELS.values()))
_MARGIN = 3 + _LABEL_WIDTH + 1
_GAP = 2
_LEAST_TEXT = 12  # beside a place
_MOST_ROWS = 2  # of one line's text
# Lists and places stay on one row each, so that more of them fit.
_ON_ONE_ROW: frozenset[CardLabel] = frozenset(
    {"called_by", "calls", "tested_in", "configured_by", "namesake", "file", "also", "nearest"}
)


def label_of(line: CardLine) -> str:
    """The label of a line, in words."""
    return _LABELS[line.label]


def text_of(line: CardLine) -> str:
    """What a line says, with its grade and what is left out."""
    return f"{line.text or _ABSENT[line.absent]}{_rest_of(line)}"


def _rest_of(line: CardLine) -> str:
    grade = " (likely)" if line.grade == "likely" else ""
    more = f" and {line.more} more" if line.more else ""
    moved = " (changed since)" if line.moved else ""
    return f"{grade}{more}{moved}"


def verdict_of(card: Composed) -> str:
    """What came of the question, where the card does not speak for itself; else nothing."""
    unknown = _listed(card.unknown)
    match card.outcome:
        case "answered":
            lacking = _listed(card.lacking)
            return f"Not on this card: {lacking}." if lacking else ""
        case "mentioned":
            what = "is no symbol" if len(card.unknown) == 1 else "are no symbols"
            return f"{unknown} {what} of the index; the lines that have it:"
        case "not_found":
            occur = "occurs" if len(card.unknown) == 1 else "occur"
            where = f" {unknown} {occur} nowhere in the project." if unknown else ""
            nearest = " The nearest places:" if card.lines else ""
            return f"Not found.{where}{nearest}"
        case _ as never:
            assert_never(never)


def place_of(line: CardLine, paths: Iterable[str] = ()) -> str:
    """The place of a line, its path cut to what tells it from others."""
    if not line.n:
        return ""
    if line.label == "where":
        last = f"-{line.end_line}" if line.end_line > line.start_line else ""
        return f"{line.path}:{line.start_line}{last}"
    return f"{_ending(line.path, paths)}:{line.start_line}"


def card_rows(card: Composed, width: int = WIDTH) -> list[str]:
    """The card as rows of this width, with the verdict."""
    verdict = verdict_of(card)
    head = textwrap.wrap(verdict, width)[:_MOST_ROWS] if verdict else []
    rows = [row for rows in rows_of_lines(card.lines, width) for row in rows]
    return [*rows, *head] if card.outcome == "answered" else [*head, *rows]


def card_text(card: Composed) -> str:
    """The card as plain text."""
    return "".join(f"{row}\n" for row in card_rows(card))


def rows_of_lines(
    lines: Sequence[CardLine], width: int = WIDTH, most: int = MOST_LINES
) -> list[list[str]]:
    """The rows of each line: number, label, text, and the place at the right.

    Texts are cut to one row, from the last line on, until all take no more rows than these.
    """
    paths = {line.path for line in lines if line.n}
    labels = [label_of(line) for line in lines]
    shown = ["" if at and labels[at - 1] == label else label for at, label in enumerate(labels)]
    rows = [
        _rows(line, label, paths, width, 1 if line.label in _ON_ONE_ROW else _MOST_ROWS)
        for line, label in zip(lines, shown, strict=True)
    ]
    for at in reversed(range(len(lines))):
        if sum(map(len, rows)) <= most:
            break
        rows[at] = _rows(lines[at], shown[at], paths, width, 1)
    return rows


def rows_needed(lines: Sequence[CardLine], whole: int) -> int:
    """How many rows lines take where the first so many are not cut and the others are."""
    every = rows_of_lines(lines, WIDTH, MOST_LINES * max(len(lines), 1))
    return sum(map(len, every[:whole])) + len(every[whole:])


def _rows(line: CardLine, label: str, paths: Iterable[str], width: int, most: int) -> list[str]:
    number = str(line.n) if line.n else ""
    head = f"{number:>2} {label:{_LABEL_WIDTH}} "
    room = width - _MARGIN
    place = place_of(line, paths)
    if len(place) > room:
        place = f"…{place[1 - room :]}"
    text = text_of(line)
    beside = room - len(place) - (_GAP if place else 0)
    if len(text) <= beside:
        return [(head + text + place.rjust(room - len(text))).rstrip()]
    rest = _rest_of(line)
    said = textwrap.wrap(text.removesuffix(rest), room, break_on_hyphens=False)
    rows = said[: most - 1]
    if beside < len(rest) + _LEAST_TEXT:  # the place gets a row of its own
        rows = [_cut(" ".join(said), room - len(rest)) + rest, place.rjust(room)]
    else:
        last = _cut(" ".join(said[most - 1 :]), beside - len(rest)) + rest
        rows.append((last + place.rjust(room - len(last))).rstrip())
    return [head + rows[0], *(" " * _MARGIN + row for row in rows[1:])]


def _cut(text: str, room: int) -> str:
    """Text of at most so many characters, cut at a word where it can be."""
    if len(text) <= room:
        return text
    cut = text[: max(room - 1, 0)]
    at_word = cut.rpartition(" ")[0]
    return f"{at_word if len(at_word) > room // 2 else cut}…"


def _ending(path: str, paths: Iterable[str]) -> str:
    parts = path.split("/")
    others = [other for other in paths if other != path]
    for count in range(1, len(parts)):
        ending = "/".join(parts[-count:])
        if not any(f"/{other}".endswith(f"/{ending}") for other in others):
            return ending
    return path


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
