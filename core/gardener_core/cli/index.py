"""Commands about the index."""

import click

from gardener_core.cli.following import show_run
from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.events import Hit

SHOWN_LINES = 6


@click.command(epilog="Example: gardener index acme-web")
@click.argument("name")
@click.option("--full", is_flag=True, help="Read every file again.")
@click.option("--detach", is_flag=True, help="Start and return.")
@json_option
@click.pass_obj
def index(session: Session, name: str, full: bool, detach: bool, out: Output) -> None:
    """Bring a project's index up to date."""
    run = session.garden.runs.index(session.garden.projects.find(name), full=full)
    if not detach:
        show_run(session.garden, run.id, out)
    elif out.as_json:
        out.fields({"run": {"id": run.id}})
    else:
        out.say(f"Indexing as run {run.id}; gardener follow {run.id} shows it.")


@click.command(epilog='Example: gardener search acme-web "refresh token"')
@click.argument("name")
@click.argument("query")
@click.option("-k", "results", type=int, help="How many hits.")
@json_option
@click.pass_obj
def search(session: Session, name: str, query: str, results: int | None, out: Output) -> None:
    """Find code by words."""
    project = session.garden.projects.find(name)
    found = session.garden.index.search(project, query, results)
    if out.as_json:
        out.fields({"hits": found.hits, "seconds": found.seconds})
        return
    for hit in found.hits:
        print_hit(hit, out)
    count = len(found.hits)
    out.say(f"{count} hit{'' if count == 1 else 's'} in {found.seconds * 1000:.0f} ms")


def print_hit(hit: Hit, out: Output) -> None:
    """A hit with its first lines."""
    out.say(f"{hit.path}:{hit.start_line}-{hit.end_line}  {hit.symbol or hit.kind}")
    out.say(f"    {hit.score:.2f}  {', '.join(hit.why.terms)}")
    for number, line in enumerate(hit.text.split("\n")[:SHOWN_LINES], start=hit.start_line):
        out.say(f"    {number:5} {line}")
    out.say("")
