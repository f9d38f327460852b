"""Bars that show a part of a whole."""

from textual.content import Content

_EIGHTHS = " ▏▎▍▌▋▊▉"
DOTS = 6


def meter(part: float, cells: int) -> Content:
    """A bar with a resolution of an eighth of a cell."""
    part = min(1.0, max(0.0, part))
    eighths = round(part * cells * 8)
    full, rest = divmod(eighths, 8)
    bar = "█" * full + (_EIGHTHS[rest] if rest else "")
    return Content.assemble((bar.ljust(cells), "$primary on $panel"))


def dots(part: float) -> Content:
    """Six small blocks: ▰▰▰▰▱▱."""
    filled = round(min(1.0, max(0.0, part)) * DOTS)
    return Content.assemble(("▰" * filled, "$primary"), ("▱" * (DOTS - filled), "$label"))


def stacked(first: float, second: float, cells: int) -> Content:
    """A bar of two parts, distinguishable without colour: ████▒▒░░."""
    one = round(min(1.0, max(0.0, first)) * cells)
    both = round(min(1.0, max(0.0, first) + max(0.0, second)) * cells)
    return Content.assemble(
        ("█" * one, "$primary"), ("▒" * (both - one), "$series"), ("░" * (cells - both), "$edge")
    )
