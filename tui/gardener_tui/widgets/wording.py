"""Numbers and paths as a person reads them."""

from rich.cells import cell_len

from gardener_core.evaluation.held_out import Scores, Unreadable
from gardener_core.system.numbers import duration
from gardener_core.training.retraining.drift import Drift

MOST_CUT = 16  # letters of a folder's name that may be dropped for a clean cut
THOUSANDS = " "  # what stands between the thousands of a number


def count(number: int) -> str:
    """Thousands apart: 18 331."""
    return f"{number:,}".replace(",", THOUSANDS)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 file, 3 files."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def megabytes(size: int) -> str:
    """Bytes as megabytes: 1 843."""
    return count(round(size / 1_000_000))


def bits(held_out: Scores | None) -> str:
    """Held-out bits per byte: 2.493 → 2.090 (-16.2 %)."""
    if held_out is None:
        return ""
    if isinstance(held_out, Unreadable):
        return "scores unreadable"
    change = (held_out.after - held_out.before) / held_out.before
    return f"{held_out.before:.3f} → {held_out.after:.3f} ({change:+.1%})"


def short_time(seconds: float) -> str:
    """A time that may be a blink: 38 ms, 1.2 s."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else duration(seconds)


def ending(text: str, width: int) -> str:
    """The end of a path where it does not fit."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > max(1, width - 1):
        text = text[1:]
    return f"…{text}"


def path_end(path: str, width: int) -> str:
    """The end of a path, cut between its folders where that costs little."""
    cut = ending(path, width)
    if cut == path:
        return path
    folders, slash, name = cut.removeprefix("…").partition("/")
    return f"…/{name}" if slash and name and len(folders) < MOST_CUT else cut


def symbol_end(name: str, width: int) -> str:
    """A kind and a symbol; where they do not fit, the end of the symbol, which is its own name."""
    if cell_len(name) <= width:
        return name
    symbol = name.rpartition(" ")[2]
    return ending(symbol, width) if width > 1 else ""


def beginning(text: str, width: int) -> str:
    """The beginning of a text that does not fit."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > max(0, width - 1):
        text = text[:-1]
    return f"{text}…" if width > 0 else ""


def lines(start: int, end: int) -> str:
    """A range of lines: 12 or 12-40."""
    return str(start) if start == end else f"{start}-{end}"


def when(moment: float, now: float) -> str:
    """A moment as a distance from now: 5 min ago, 3 d ago."""
    seconds = max(0, round(now - moment))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return "just now"


def days(seconds: float) -> str:
    """A time to come, roughly: 7 days, 3 hours."""
    hours = round(seconds / 3600)
    return counted(round(hours / 24), "day") if hours >= 36 else counted(max(0, hours), "hour")


def changed_since(drift: Drift) -> str:
    """How many symbols changed since an adapter was trained: 7 of 41 symbols."""
    return f"{count(drift.changed)} of {count(drift.symbols)} symbols"
