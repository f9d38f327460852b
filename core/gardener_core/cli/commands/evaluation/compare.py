"""The command that puts two adapters beside each other."""

import dataclasses
from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.evaluation.card.card import card_fields
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.comparing.words import (
    cells_of,
    change_of,
    extent_of,
    judged,
    title_of,
)
from gardener_core.garden.evaluation.comparing import Comparison, Curve, Side
from gardener_core.garden.evaluation.side_facts import facts_of

MOST_SAMPLES = 4


@click.command(epilog="Example: gardener compare acme-web v1 v2")
@click.argument("name")
@click.argument("first")
@click.argument("second")
@click.option("--samples", type=int, default=MOST_SAMPLES, show_default=True, help="How many.")
@json_option
@click.pass_obj
def compare(
    session: Session, name: str, first: str, second: str, samples: int, out: Output
) -> None:
    """Put two adapters, or two runs, of a project beside each other.

    Each is the version of an adapter or the id of a run. Figures are compared on what both were
    given, file by file; where that is not the same, they are not comparable, and why is said.
    """
    door = session.garden.comparing
    found = door.of_names(session.garden.projects.find(name), first, second)
    curves = door.curve(found.first), door.curve(found.second)
    if out.as_json:
        out.fields(_fields(found, curves, samples))
    else:
        _show(found, curves, samples, out)


def _fields(found: Comparison, curves: tuple[Curve, Curve], samples: int) -> dict[str, Any]:
    names = found.first.name, found.second.name
    return {
        "first": _side(found.first, curves[0]),
        "second": _side(found.second, curves[1]),
        "figures": [
            {**dataclasses.asdict(one), "words": judged(one, *names)} for one in found.figures
        ],
        "samples": [_sample(one) for one in found.samples[:samples]],
    }


def _side(side: Side, curve: Curve) -> dict[str, Any]:
    return {
        "name": side.name,
        "run": side.run.id if side.run else None,
        "adapter": side.adapter.version if side.adapter else None,
        "base": side.base,
        "settings": side.training,
        "data": {"sha256": side.rows.sha256, **side.rows.report.to_json()} if side.rows else None,
        "curve": curve,
        "card": card_fields(side.measured.card) if side.measured else None,
    }


def _sample(item: Item) -> dict[str, Any]:
    return {
        "path": item.path,
        "line": item.line,
        "prompt": item.prompt,
        "expected": item.expected,
        "first": item.arms["base"],
        "second": item.arms["adapter"],
    }


def _show(found: Comparison, curves: tuple[Curve, Curve], samples: int, out: Output) -> None:
    first, second = found.first.name, found.second.name
    rows = zip(facts_of(found.first), facts_of(found.second), strict=True)
    out.table(
        ("", first.upper(), second.upper(), ""),
        [(name, one, other, "" if one == other else "differs") for (name, one), (_, other) in rows],
    )
    ends = [f"{curve.loss[-1]:.3f} at {curve.steps[-1]}" if curve.loss else "-" for curve in curves]
    out.say(f"Last loss: {ends[0]}, {ends[1]}\n")
    for side in found.unmeasured:
        out.say(f"{side.name} was not measured, so no figure is compared.")
    if found.figures:
        out.table(
            ("MEASURE", first.upper(), second.upper(), "FROM FIRST TO SECOND (95 %)", "", "ON"),
            [
                (title_of(one), *cells_of(one), change_of(one), judged(one, first, second),
                 extent_of(one))
                for one in found.figures
            ],
        )  # fmt: skip
    for item in found.samples[:samples]:
        out.say(f"\n── {item.path}:{item.line}")
        for name, text in (
            ("the file", item.expected), (first, item.arms["base"].text or ""),
            (second, item.arms["adapter"].text or ""),
        ):  # fmt: skip
            out.say(f"{name:>10}  {text.strip()}")
