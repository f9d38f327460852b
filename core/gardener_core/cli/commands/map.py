"""The command that shows the map of a project."""

import click
from rich.text import Text

from gardener_core.cli.output import Output
from gardener_core.cli.remedies import advice
from gardener_core.cli.session import Session, json_option
from gardener_core.garden.index import MAP_TOKENS
from gardener_core.graph.map import MappedFile, ProjectMap
from gardener_core.system.terminal_text import clean_line

BAR = 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@click.command("map", epilog='Example: gardener map acme-web --for "refresh token" --tokens 1000')
@click.argument("name")
@click.option(
    "--tokens",
    type=int,
    default=MAP_TOKENS,
    show_default=True,
    help="How long it may be: a token counts as 3.1 characters.",
)
@click.option("--for", "question", default="", metavar="Q", help="Rank its answers higher.")
@json_option
@click.pass_obj
def map_(session: Session, name: str, tokens: int, question: str, out: Output) -> None:
    """Show what matters most in a project: files and symbols by who refers to them.

    A rank is the share of random walks along calls, imports, bases and types in signatures that
    visit a symbol: what much-used code uses comes first. Walks rarely start in tests; recently
    changed files attract some of them, and a question most.
    """
    project = session.garden.projects.find(name)
    project_map = session.garden.index.map(project, tokens, question)
    if out.as_json:
        out.fields(
            {
                "files": project_map.files,
                "tokens": project_map.tokens,
                "recent": project_map.recent,
                "seconds": project_map.seconds,
                "note": advice(project_map.note, project_map.remedy),
            }
        )
        return
    if out.on_terminal:
        _paint(project_map, out)
    else:
        out.write(project_map.text)
    _say_facts(project_map, out)


def _say_facts(project_map: ProjectMap, out: Output) -> None:
    symbols = sum(len(file.symbols) for file in project_map.files)
    out.say(
        f"{symbols} symbols of {len(project_map.files)} files, "
        f"about {project_map.tokens:,} tokens, in {project_map.seconds * 1000:.0f} ms"
    )
    if project_map.recent:
        out.say(f"Recently changed, so ranked higher: {', '.join(project_map.recent)}")
    if project_map.note:
        out.say(advice(project_map.note, project_map.remedy))


def _paint(project_map: ProjectMap, out: Output) -> None:
    """Files with bars, and their signatures in order below them."""
    most = max((file.rank for file in project_map.files), default=0.0)
    best = max((item.rank for file in project_map.files for item in file.symbols), default=0.0)
    for file in project_map.files:
        out.console.print(_head(file, most))
        for item in file.symbols:
            line = Text()
            line.append(f"{item.line:6} ", style="dim")
            line.append(_bar(item.rank, best, 4), style="cyan")
            line.append(f" {'  ' * item.symbol.count('.')}")
            line.append(clean_line(item.signature), style="" if "." in item.symbol else "bold")
            out.console.print(line, no_wrap=True, overflow="ellipsis")


def _head(file: MappedFile, most: float) -> Text:
    head = Text()
    head.append(_bar(file.rank, most, BAR), style="cyan")
    head.append(f" {file.rank:6.1%}  ", style="dim")
    head.append(clean_line(file.path), style="bold cyan")
    return head


def _bar(value: float, most: float, cells: int) -> str:
    """A bar in eighths of a cell, as wide as its share of the most."""
    eighths = round(value / most * cells * 8) if most else 0
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(cells)
