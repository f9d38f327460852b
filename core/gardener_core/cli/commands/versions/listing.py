"""List versions, and compare them by their figures."""

import dataclasses
import time
from collections.abc import Sequence
from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.evaluation.card.words import VERDICTS, percent, plain_figure
from gardener_core.evaluation.held_out import HeldOut, Scores, Unreadable
from gardener_core.garden.versions.comparing import Compared, ComparedVersion
from gardener_core.garden.versions.listing import Version
from gardener_core.system.numbers import size
from gardener_core.training.retraining.drift import Drift

_COLUMNS = ("VERSION", "", "BASE", "HELD OUT, BITS A BYTE", "CHANGED", "CREATED", "BYTES")


@click.command("list", hidden=True)
@click.argument("name")
@click.option("--trash", is_flag=True, help="What was removed and can be restored.")
@json_option
@click.pass_obj
def list_(session: Session, name: str, trash: bool, out: Output) -> None:
    """List the versions of a project, newest first."""
    project = session.garden.projects.find(name)
    if trash:
        _show_trash(session, name, out)
        return
    versions = session.garden.versions.all(project)
    if out.as_json:
        out.fields({"adapters": [fields_of(version) for version in versions]})
    elif not versions:
        out.say(f"No adapter yet. Run: gardener train {project.name}")
    else:
        out.table(_COLUMNS, [_row(version) for version in versions])
        for version in versions:
            if version.adapter.note:
                out.say(f"{version.adapter.version}: {version.adapter.note}")
            if isinstance(version.held_out, Unreadable):
                out.say(f"{version.adapter.version}: {version.held_out.problem}")
        if any(version.adapter.state in ("trained", "partial") for version in versions):
            out.say(f"Measure one that was not measured: gardener score {project.name}")


@click.command(epilog="Example: gardener adapters compare acme-web v3 v5")
@click.argument("name")
@click.argument("versions", metavar="[ADAPTER]...", nargs=-1)
@json_option
@click.pass_obj
def compare(session: Session, name: str, versions: Sequence[str], out: Output) -> None:
    """Show the figures of some versions, or of all, beside each other.

    Each is held against the first, over the files that were scored of both.
    """
    project = session.garden.projects.find(name)
    found = session.garden.versions.compare(project, versions)
    if out.as_json:
        rows = [{**fields_of(one.version), "figures": _figures(one)} for one in found.versions]
        out.fields({"adapters": rows, "against": found.first})
        return
    names = ("", *(one.version.adapter.title for one in found.versions))
    out.table(names, _lines(found))
    if not any(one.bits for one in found.versions):
        out.say(f"None was measured yet. Run: gardener score {project.name} ADAPTER")


def fields_of(version: Version) -> dict[str, Any]:
    """A version as JSON shows it."""
    return {
        **dataclasses.asdict(version.adapter),
        "active": version.active,
        "partial": version.partial,
        "held_out": version.held_out,
        "caveat": version.adapter.caveat,
        "gate": version.gate,
        "drift": version.drift,
        "record": version.record,
    }


def _show_trash(session: Session, name: str, out: Output) -> None:
    removed = session.garden.versions.trashed(session.garden.projects.find(name))
    if out.as_json:
        out.fields({"trash": removed})
    elif not removed:
        out.say("No adapter is in the trash.")
    else:
        rows = [(one.version, one.name, one.base, _moment(one.until)) for one in removed]
        out.table(("VERSION", "NAME", "BASE", "UNTIL"), rows)
        out.say(f"Bring one back: gardener adapters restore {name} {removed[0].version}")


def _row(version: Version) -> tuple[object, ...]:
    adapter = version.adapter
    return (
        adapter.title,
        _state(version),
        adapter.base,
        _held_out(version.held_out),
        _drift(version.drift),
        _moment(adapter.created),
        f"{adapter.bytes:,}",
    )


def _state(version: Version) -> str:
    adapter, partial = version.adapter, version.partial
    words = ["active"] if version.active else []
    if partial is not None:
        words.append(f"partial, step {partial.step} of {partial.steps}")
    elif not adapter.caveat:
        words.append("passed")
    if adapter.caveat and not (partial and adapter.state == "partial"):
        words.append(adapter.caveat)
    return ", ".join(words)


def _drift(drift: Drift | None) -> str:
    """How many of the symbols that it learned have changed since."""
    return f"{drift.changed:,} of {drift.symbols:,} ({drift.share:.0%})" if drift else "-"


def _held_out(scores: Scores | None) -> str:
    match scores:
        case HeldOut(before, after, low=low, high=high):
            return f"{before:.3f} to {after:.3f} ({low:+.1%} to {high:+.1%})"
        case Unreadable():
            return "record damaged"
        case None:
            return "-"


def _lines(found: Compared) -> list[tuple[str, ...]]:
    """A line a figure, a column a version."""
    versions = found.versions
    rows = {
        "": [_state(one.version) for one in versions],
        "base": [one.version.adapter.base for one in versions],
        "created": [_moment(one.version.adapter.created) for one in versions],
        "size": [size(one.version.adapter.bytes) for one in versions],
        "steps": [_steps(one) for one in versions],
        "symbols changed since": [_drift(one.version.drift) for one in versions],
        "held out by its run": [_held_out(one.version.held_out) for one in versions],
        "bits a byte, held out": [plain_figure(one.bits, False) for one in versions],
        "against its base": [percent(one.change) if one.change else "-" for one in versions],
        f"against {found.first}": [
            percent(one.against) if one.against else "-" for one in versions
        ],
        "exact statements": [plain_figure(one.exact_match, True) for one in versions],
        "invented names": [plain_figure(one.invented, True) for one in versions],
        "foreign code": [percent(one.forgotten) if one.forgotten else "-" for one in versions],
    }
    rows |= {f"gate: {name}": verdicts for name, verdicts in _gates(versions).items()}
    return [(name, *cells) for name, cells in rows.items() if any(cell != "-" for cell in cells)]


def _gates(versions: Sequence[ComparedVersion]) -> dict[str, list[str]]:
    """What the gate says of each condition, by its name."""
    gates = [one.version.gate for one in versions]
    by_name = [
        {c.name: VERDICTS[c.verdict] for c in gate.conditions} if gate else {} for gate in gates
    ]
    names = dict.fromkeys(name for gate in by_name for name in gate)
    return {name: [gate.get(name, "-") for gate in by_name] for name in names}


def _steps(one: ComparedVersion) -> str:
    record = one.version.record
    if record is None or record.recipe is None:
        return "-"
    return f"{record.recipe.steps}" + (f" on from {record.parent}" if record.parent else "")


def _figures(one: ComparedVersion) -> dict[str, Any]:
    fields = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    return {name: value for name, value in fields.items() if name != "version"}


def _moment(wall: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(wall))
