"""Commands about the index."""

import sys
from collections.abc import Sequence

import click

from gardener_core.cli.hit_output import cost_of, show_hits
from gardener_core.cli.output import Output
from gardener_core.cli.remedies import advice
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.events.index import EmbedderTried
from gardener_core.search.indexing.files import LeftOutFile
from gardener_core.search.query import SCOPES, Scope
from gardener_core.store.garden.projects import Project
from gardener_core.system.editor import open_in_editor


@click.command(epilog="Example: gardener index acme-web")
@click.argument("name")
@click.option("--full", is_flag=True, help="Read every file again.")
@click.option(
    "--even-if-empty", is_flag=True, help="Forget files even if nearly all of them are gone."
)
@click.option("--detach", is_flag=True, help="Start and return.")
@click.option("--embedder", metavar="E", help="Change the embedder: shows the cost, asks.")
@click.option("--yes", is_flag=True, help="Change it without asking.")
@click.option("--skipped", is_flag=True, help="Only list what is left out, why, and what helps.")
@click.option("--retry", multiple=True, metavar="PATH", help="Read a file again.")
@click.option("--anyway", multiple=True, metavar="PATH", help="Read a file that a rule leaves out.")
@click.option("--by-rule", multiple=True, metavar="PATH", help="Take an --anyway back.")
@json_option
@click.pass_obj
def index(
    session: Session,
    name: str,
    full: bool,
    even_if_empty: bool,
    detach: bool,
    embedder: str | None,
    yes: bool,
    skipped: bool,
    retry: Sequence[str],
    anyway: Sequence[str],
    by_rule: Sequence[str],
    out: Output,
) -> None:
    """Bring a project's index up to date.

    --embedder takes a name that gardener models shows, gguf:/FILE.gguf or folder:/FOLDER. The old
    embedder answers until the new one has seen everything.
    """
    door = session.garden.index
    project = session.garden.projects.find(name)
    if skipped:
        _show_skipped(door.skipped(project), out)
        return
    door.retry(project, retry)
    door.decide(project, anyway, anyway=True)
    door.decide(project, by_rule, anyway=False)
    if embedder:
        if not _is_agreed(door.try_embedder(project, embedder), project, embedder, yes, out):
            return
        session.garden.settings.set_for(project, "search.embedder", embedder)
    run = session.garden.runs.index(project, full=full, even_if_empty=even_if_empty)
    if not detach:
        show_run(session.garden, run.id, out)
    elif out.as_json:
        out.fields({"run": {"id": run.id}})
    else:
        out.say(f"Indexing as run {run.id}; gardener follow {run.id} shows it.")


def _is_agreed(tried: EmbedderTried, project: Project, wanted: str, yes: bool, out: Output) -> bool:
    """Show what it costs, and ask whether to go on."""
    if out.as_json:
        out.event(tried)
        return yes
    out.say(cost_of(tried))
    if yes:
        return True
    if out.on_terminal and sys.stdin.isatty():
        return click.confirm("Change to it?")
    out.say(
        "Nothing was changed. To change it: "
        f"gardener index {project.name} --embedder {wanted} --yes"
    )
    return False


def _show_skipped(files: Sequence[LeftOutFile], out: Output) -> None:
    if out.as_json:
        out.fields({"skipped": files})
    elif not files:
        out.say("Nothing is left out.")
    else:
        rows = [(file.path, file.reason, file.helps) for file in files]
        out.table(("FILE", "WHY", "WHAT HELPS"), rows)


@click.command(epilog='Example: gardener search acme-web "refresh token lang:python -path:tests"')
@click.argument("name")
@click.argument("query")
@click.option("-k", "results", type=int, help="How many hits.")
@click.option(
    "--scope",
    type=click.Choice(SCOPES),
    default="all",
    show_default=True,
    help="Code, tests, or all: tests come last then, and the best ones apart.",
)
@click.option("--open", "open_", is_flag=True, help="Open the best hit in $EDITOR.")
@json_option
@click.pass_obj
def search(
    session: Session,
    name: str,
    query: str,
    results: int | None,
    scope: Scope,
    open_: bool,
    out: Output,
) -> None:
    """Find code by words and by meaning.

    Filters inside the query: lang:rust kind:method cx>10 path:core/ name:Session* changed:7d, with
    - before one to exclude. Any other word is looked for.
    """
    project = session.garden.projects.find(name)
    retrieved = session.garden.index.search(project, query, results, scope)
    if out.as_json:
        out.fields(
            {
                "hits": retrieved.hits,
                "tests": retrieved.tests,
                "seconds": retrieved.seconds,
                "note": advice(retrieved.note, retrieved.remedy),
            }
        )
    else:
        show_hits(retrieved, out)
    if open_ and retrieved.hits:
        open_in_editor(project.path / retrieved.hits[0].path, retrieved.hits[0].start_line)
