"""Word the comparison of two adapters."""

from collections.abc import Mapping
from typing import assert_never

from gardener_core.evaluation.card.markdown import ROWS
from gardener_core.evaluation.card.words import percent, plain_figure, points
from gardener_core.evaluation.comparing.figures import ComparedFigure

_MEASURES: Mapping[str, tuple[str, bool]] = {field: (title, share) for title, field, share in ROWS}


def title_of(one: ComparedFigure) -> str:
    """The measure and the arm."""
    title, _ = _MEASURES[one.measure]
    return title + (", with context" if one.arm == "adapter_context" else "")


def cells_of(one: ComparedFigure) -> tuple[str, str]:
    """The figure of either, with its interval."""
    _, is_share = _MEASURES[one.measure]
    return plain_figure(one.first, is_share), plain_figure(one.second, is_share)


def change_of(one: ComparedFigure) -> str:
    """The paired difference from the first to the second; empty where there is none."""
    if one.difference is None:
        return ""
    return percent(one.difference) if one.relative else points(one.difference)


def judged(one: ComparedFigure, first: str, second: str) -> str:
    """Whether the difference is one, in words."""
    match one.outcome:
        case "first":
            return f"{first} is better"
        case "second":
            return f"{second} is better"
        case "neither":
            return "no difference is seen"
        case "undecided":
            return f"too little to tell: {one.reason}"
        case "incomparable":
            return f"not comparable: {one.reason}"
        case _ as never:
            assert_never(never)


def extent_of(one: ComparedFigure) -> str:
    """On how many pieces of how many files both were measured."""
    if one.difference is None:
        return ""
    return f"n = {one.difference.n}, {one.difference.files} files"
