"""Commands that check and repair the garden."""

import time

import click

from gardener_core.cli.output import Output
from gardener_core.cli.remedies import advice
from gardener_core.cli.session import Session, json_option
from gardener_core.upkeep.repair import repair_databases
from gardener_core.upkeep.repair_weights import repair_models


@click.command(epilog="Example: gardener doctor")
@json_option
@click.pass_obj
def doctor(session: Session, out: Output) -> None:
    """Say what works on this machine, what is missing, and what to type."""
    checks = []
    for check in session.garden.doctor():
        tries = advice(check.hint, check.remedy)
        checks.append(
            {
                "name": check.name,
                "ok": check.ok,
                "found": check.found,
                "needed": check.needed,
                "hint": tries,
            }
        )
        if not out.as_json:
            out.say(f"{'ok     ' if check.ok else 'MISSING'} {check.name}: {check.found}")
            if not check.ok:
                out.say(f"        needed: {check.needed}")
                out.say(f"        try: {tries}")
    if out.as_json:
        out.fields({"checks": checks})


@click.command(epilog="Example: gardener repair acme-web")
@click.argument("name", required=False)
@json_option
@click.pass_obj
def repair(session: Session, name: str | None, out: Output) -> None:
    """Check every part of a project and repair it; without a name, of all, and what is lost.

    A damaged, missing or empty list is rebuilt from its last copy and from the folders.
    """
    parts = [("", part) for part in repair_databases(session.places)]
    garden = session.garden
    if name is None:
        parts += [("", part) for part in garden.orphans.repair()]
        parts += [("", part) for part in repair_models(session.places)]
    projects = [garden.projects.find(name)] if name else garden.projects.all()
    parts += [(each.name, part) for each in projects for part in garden.projects.repair(each)]
    if out.as_json:
        rows = [
            {"project": project, "part": part.part, "found": part.found,
             "done": advice(part.done, part.remedy)}
            for project, part in parts
        ]  # fmt: skip
        out.fields({"repaired": rows})
        return
    for project, part in parts:
        out.say(f"{project or 'garden'}, {part.part}: {part.found}")
        if part.done:
            out.say(f"    {advice(part.done, part.remedy)}")


@click.command(epilog="Example: gardener audit verify")
@click.argument("action", required=False, type=click.Choice(["verify"]))
@json_option
@click.pass_obj
def audit(session: Session, action: str | None, out: Output) -> None:
    """Show what was done here; verify recomputes the chain of entries.

    Each entry is sealed by the hash of the one before it. Note the last hash elsewhere to find
    even a log that was written anew as a whole.
    """
    log = session.garden.audit
    entries, check = log.all(), log.verify()
    if out.as_json:
        state = {"intact": check.intact, "broken": check.broken, "what": check.what}
        out.fields({"entries": entries, **state})
    else:
        if action is None:
            rows = [(e.number, _when(e.wall), e.action, e.subject, e.detail) for e in entries]
            out.table(("", "WHEN", "ACTION", "SUBJECT", ""), rows)
        head = entries[-1].hash if entries else "-"
        out.say(f"{len(entries)} entries, {check.what or 'intact.'} Last hash: {head}")
    if action and not check.intact:
        raise click.exceptions.Exit(1)


def _when(wall: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(wall))
