"""Commands that measure this machine."""

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.garden.bench import Result, bench_project, bench_start, machine

MILLION = 1_000_000


@click.command(epilog="Example: gardener bench search acme-web --large")
@click.argument("what", type=click.Choice(["start", "read", "index", "search"]))
@click.argument("name", required=False)
@click.option("-n", "times", type=click.IntRange(1), default=5, show_default=True, help="Starts.")
@click.option(
    "--made",
    type=click.IntRange(1000),
    default=100_000,
    show_default=True,
    help="How many made chunks to search; 100,000 take half a minute.",
)
@click.option("--large", is_flag=True, help="A million as well: ten times as long.")
@json_option
@click.pass_obj
def bench(
    session: Session,
    what: str,
    name: str | None,
    times: int,
    made: int,
    large: bool,
    out: Output,
) -> None:
    """Measure how the screen starts, or how a project is read, indexed and searched.

    A first index is made beside the one that serves, and taken away. Searches are compared with
    grep on the same files.
    """
    results: list[Result] = []
    notes: list[str] = []
    if what == "start":
        results = bench_start(times)
    elif name is None:
        raise BadInput("Which project?", hint=f"Run: gardener bench {what} NAME")
    else:
        project = session.garden.projects.find(name)
        sizes = [made, MILLION] if large else [made]
        for line in bench_project(what, session.places, project, sizes):
            if isinstance(line, Result):
                results.append(line)
                continue
            notes.append(line)
            if not out.as_json:
                out.say(line)
    if out.as_json:
        out.fields({"results": results, "notes": notes, "machine": machine()})
        return
    rows = [(r.name, f"{r.value:g}", r.unit, f"{r.low:g} to {r.high:g}", r.n) for r in results]
    out.table(("WHAT", "MEDIAN", "", "RANGE", "N"), rows)
    out.say(", ".join(str(fact) for fact in machine().values()))
