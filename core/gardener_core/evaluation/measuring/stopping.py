"""Tell where something that was masked ends."""

from collections.abc import Callable

from gardener_core.evaluation.measuring.masking import Masked

IsOver = Callable[[str], bool]


def end_of(part: Masked, text: str) -> IsOver:
    """Whether a continuation has gone beyond what was taken out of this text.

    A continuation begins at the end of the line before, so with a line break.
    """
    if part.measure == "statement":
        return lambda written: "\n" in written.lstrip()
    if part.opened:
        return lambda written: _until_closed(written) != written
    indent = _indent_at(text, part.start)
    return lambda written: _until_outdented(written, indent) != written


def trimmed(part: Masked, text: str, written: str) -> str:
    """What of a continuation stands for what was taken out, with its line break and indent."""
    if part.measure == "statement":
        lead = written[: len(written) - len(written.lstrip())]
        return lead + written.lstrip().partition("\n")[0].rstrip()
    if part.opened:
        return _until_closed(written).rstrip()
    return _until_outdented(written, _indent_at(text, part.start)).rstrip()


def _indent_at(text: str, start: int) -> int:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return len(line) - len(line.lstrip())


def _until_outdented(written: str, indent: int) -> str:
    """Up to a line that begins further left; the last line may still be growing."""
    at = 0
    for number, line in enumerate(written.split("\n")):
        if number and line.strip() and len(line) - len(line.lstrip()) < indent:
            return written[:at]
        at += len(line) + 1
    return written


def _until_closed(written: str) -> str:
    """Up to the brace that closes the one before the text."""
    depth = 0
    for at, letter in enumerate(written):
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return written[:at]
    return written
