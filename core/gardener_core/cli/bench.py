"""Commands that measure this machine."""

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.garden.bench import bench_start, machine


@click.command(epilog="Example: gardener bench start")
@click.argument("what", type=click.Choice(["start"]))
@click.option("-n", "times", type=click.IntRange(1), default=5, show_default=True, help="Runs.")
@json_option
@click.pass_obj
def bench(session: Session, what: str, times: int, out: Output) -> None:
    """Measure how the screen starts: CPU, time and memory, each the median of n runs."""
    results = bench_start(times)
    if out.as_json:
        out.fields({"results": results, "machine": machine()})
        return
    rows = [(r.name, f"{r.value:g}", r.unit, f"{r.low:g} to {r.high:g}", r.n) for r in results]
    out.table(("WHAT", "MEDIAN", "", "RANGE", "N"), rows)
    out.say(", ".join(str(fact) for fact in machine().values()))
